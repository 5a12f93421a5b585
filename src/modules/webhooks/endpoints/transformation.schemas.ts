import { z } from 'zod';
import { plainText } from '../../../platform/http/fields';

const MAX_CODE_BYTES = 65_536;
const MAX_VARIABLES_BYTES = 4_096;

export const EXAMPLE_CODE = `function handler(webhook) {
  webhook.payload = { text: 'Paid: ' + webhook.payload.invoice };
  return webhook;
}`;

export const transformationCode = plainText(MAX_CODE_BYTES)
  .refine((code) => Buffer.byteLength(code) <= MAX_CODE_BYTES, `must not be larger than ${MAX_CODE_BYTES} bytes`)
  .nullish()
  .meta({
    description: 'JavaScript with a function `handler(webhook)`, which returns what is to be sent: docs/transformations.md.',
    examples: [EXAMPLE_CODE],
  });

export const transformationVariables = z
  .record(plainText(MAX_VARIABLES_BYTES), plainText(MAX_VARIABLES_BYTES))
  .refine(
    (all) => Buffer.byteLength(JSON.stringify(all)) <= MAX_VARIABLES_BYTES,
    `must not be larger than ${MAX_VARIABLES_BYTES} bytes of JSON`,
  )
  .nullish()
  .meta({ description: 'The code reads them as `webhook.variables`.', examples: [{ channel: 'C024BE91L' }] });

/** What is left out stays, null clears. */
export const TransformationPatch = z
  .object({
    code: transformationCode,
    enabled: z.boolean().optional(),
    variables: transformationVariables,
  })
  .meta({ id: 'EndpointTransformationPatch' });
export type TransformationPatch = z.output<typeof TransformationPatch>;

export const TransformationOut = z
  .object({
    code: z.string().nullable(),
    enabled: z.boolean(),
    variables: z.record(z.string(), z.string()).nullable(),
    updatedAt: z.iso.datetime().nullable().meta({ description: 'Null: there never was one.' }),
  })
  .meta({
    id: 'EndpointTransformationOut',
    examples: [{ code: EXAMPLE_CODE, enabled: true, variables: null, updatedAt: '2026-01-31T12:00:00.000Z' }],
  });
