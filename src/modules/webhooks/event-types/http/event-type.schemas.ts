import { z } from 'zod';
import { identifier, plainText } from '../../../../platform/http/fields';
import { listOf, pageQuery } from '../../../../platform/http/list-page';
import { queryBoolean } from '../../../../platform/http/query-values';

const SCHEMAS_BYTES = 262_144;
/** No real schema is nested deeper, and what is cannot be printed again: `JSON.stringify` recurses. */
const SCHEMAS_DEPTH = 100;

const version = z.string().regex(/^[1-9]\d{0,3}$/, 'must be a version number');
const schemas = z
  .preprocess(refuseDeep, z.record(version, z.union([z.boolean(), z.record(z.string(), z.unknown())])).nullable())
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= SCHEMAS_BYTES, `must not be larger than ${SCHEMAS_BYTES} bytes of JSON`)
  .meta({
    description: 'JSON Schemas of the payload by version.',
    examples: [{ 1: { type: 'object', properties: { userId: { type: 'string' } } } }],
  });

const name = identifier.meta({ examples: ['user.created'] });

const fields = {
  description: plainText(8_192).meta({ examples: ['A user signed up.'] }),
  schemas: schemas.optional(),
  archived: z.boolean().optional().meta({ description: 'Archived event types are hidden, and nobody can subscribe to them any more.' }),
  deprecated: z.boolean().optional(),
  validation: z.enum(['off', 'warn', 'reject']).optional().meta({
    description:
      'What becomes of a message that breaks the schema of the highest version: nobody looks, its sender is told, or it is refused.',
  }),
  groupName: identifier.nullish().meta({ description: 'Event types of a group are shown together.' }),
  featureFlags: z.array(identifier).min(1).max(20).nullish().meta({ description: 'Shown only to those who have one of these flags.' }),
  featureFlag: identifier.nullish().meta({ description: 'Former form of `featureFlags`.', deprecated: true }),
};

type Flags = { readonly featureFlags?: string[] | null | undefined; readonly featureFlag?: string | null | undefined };

function flagsOf({ featureFlags, featureFlag }: Flags): string[] | null | undefined {
  if (featureFlags !== undefined) return featureFlags;
  return typeof featureFlag === 'string' ? [featureFlag] : featureFlag;
}

/** All settings; what is left out has its default. */
export const EventTypeUpdate = z
  .object(fields)
  .transform(({ description, schemas = null, archived = false, deprecated = false, validation = 'off', groupName = null, ...flags }) => ({
    description,
    schemas,
    archived,
    deprecated,
    validation,
    groupName,
    featureFlags: flagsOf(flags) ?? null,
  }))
  .meta({ id: 'EventTypeUpdate' });
export type EventTypeUpdate = z.output<typeof EventTypeUpdate>;

export const EventTypeIn = z
  .object({ name, ...fields })
  .transform(({ name, ...settings }) => ({ name, settings: EventTypeUpdate.parse(settings) }))
  .meta({ id: 'EventTypeIn' });
export type EventTypeIn = z.output<typeof EventTypeIn>;

/** Some settings; what is left out stays. */
export const EventTypePatch = z
  .object({ ...fields, description: fields.description.optional() })
  .transform(({ featureFlags, featureFlag, ...changes }) => ({ ...changes, featureFlags: flagsOf({ featureFlags, featureFlag }) }))
  .meta({ id: 'EventTypePatch' });
export type EventTypePatch = z.output<typeof EventTypePatch>;

/** One of many that are imported; `validation`, which other servers and their clients do not know, stays when it is left out. */
export const ImportedEventType = z
  .object({ name: name, ...fields })
  .transform(({ name, ...given }) => ({ name, settings: { ...EventTypeUpdate.parse(given), validation: given.validation } }))
  .meta({ id: 'EventTypeToImport' });

/** What an OpenAPI document says of an event type; what it does not say stays. */
export const EventTypeFromOpenApi = z
  .object({
    name: name,
    description: fields.description,
    schemas: schemas.meta({ examples: [{ 1: { type: 'object' } }] }),
    deprecated: z.boolean(),
    groupName: fields.groupName,
    featureFlags: fields.featureFlags,
  })
  .meta({ id: 'EventTypeFromOpenApi' });

export const ListEventTypesQuery = pageQuery('ascending').extend({
  include_archived: queryBoolean.default(false),
  with_content: queryBoolean.default(false).meta({ description: 'With the schemas, which are null otherwise.' }),
});
export type ListEventTypesQuery = z.output<typeof ListEventTypesQuery>;

export const DeleteEventTypeQuery = z.object({
  expunge: queryBoolean.default(false).meta({ description: 'Remove it for good in place of archiving it.' }),
});
export type DeleteEventTypeQuery = z.output<typeof DeleteEventTypeQuery>;

export const EventTypeOut = z
  .object({
    name: z.string(),
    description: z.string(),
    archived: z.boolean(),
    deprecated: z.boolean(),
    schemas: z.record(z.string(), z.unknown()).nullable(),
    validation: z.enum(['off', 'warn', 'reject']),
    groupName: z.string().nullable(),
    featureFlags: z.array(z.string()).nullable(),
    featureFlag: z.string().nullable().meta({ deprecated: true }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'EventTypeOut' });

export const ListOfEventTypes = listOf(EventTypeOut);

function refuseDeep(value: unknown, context: z.RefinementCtx): unknown {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > SCHEMAS_DEPTH) {
      context.addIssue({ code: 'custom', message: `must not be nested deeper than ${SCHEMAS_DEPTH} levels` });
      return z.NEVER;
    }
    level = level.flatMap((item): unknown[] => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return value;
}
