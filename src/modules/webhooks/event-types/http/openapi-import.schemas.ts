import { z } from 'zod';
import { EventTypeFromOpenApi } from './event-type.schemas';

const EXAMPLE = {
  openapi: '3.1.0',
  webhooks: { 'invoice.paid': { post: { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } } } },
};

export const OpenApiImportIn = z
  .object({
    spec: z
      .unknown()
      .meta({ type: 'object', description: 'An OpenAPI document, 3.0 or 3.1, with `webhooks` or `x-webhooks`.', examples: [EXAMPLE] })
      .optional(),
    specRaw: z.string().nullish().meta({ description: 'The same as text, YAML or JSON.' }),
    replaceAll: z.boolean().nullish().meta({ description: 'Archives all event types that the document does not name.' }),
    dryRun: z.boolean().nullish().meta({ description: 'Changes nothing, and only says what would be changed.' }),
  })
  .refine(({ spec = null, specRaw = null }) => (spec === null) !== (specRaw === null), {
    path: ['spec'],
    message: 'is given, or specRaw is: one of the two',
  })
  .meta({ id: 'EventTypeImportOpenApiIn' });
export type OpenApiImportIn = z.output<typeof OpenApiImportIn>;

/** `to_modify` is its name on the wire, unlike all others. */
export const OpenApiImportOut = z
  .object({
    data: z.object({
      modified: z.array(z.string()).meta({ description: 'Names of those that were made or changed; none in a dry run.' }),
      to_modify: z.array(EventTypeFromOpenApi).nullable().meta({ description: 'Those that would be made or changed, in a dry run.' }),
      archived: z.array(z.string()).meta({ description: 'Names of those that `replaceAll` archived, or would archive.' }),
    }),
  })
  .meta({ id: 'EventTypeImportOpenApiOut' });
