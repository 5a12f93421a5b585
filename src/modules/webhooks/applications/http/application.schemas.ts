import { z } from 'zod';
import { metadata, singleLine, throttleRate, uidOf } from '../../../../platform/http/fields';
import { listOf } from '../../../../platform/http/list-page';

const fields = {
  name: singleLine(1_024).meta({ examples: ['Acme Inc.'] }),
  uid: uidOf('app')
    .nullish()
    .meta({ description: 'Your own id; every path takes it in place of the id.', examples: ['customer-7'] }),
  throttleRate: throttleRate.nullish().meta({ description: 'Messages per second.' }),
  rateLimit: throttleRate.nullish().meta({ description: 'Former name of `throttleRate`.', deprecated: true }),
  metadata: metadata.optional(),
};

type Rates = { readonly throttleRate?: number | null | undefined; readonly rateLimit?: number | null | undefined };

const rateOf = ({ throttleRate, rateLimit }: Rates) => (throttleRate === undefined ? rateLimit : throttleRate);

/** All settings; what is left out has its default. */
export const ApplicationIn = z
  .object(fields)
  .transform(({ name, uid, metadata = {}, ...rates }) => ({
    name,
    uid,
    metadata,
    throttleRate: rateOf(rates) ?? null,
  }))
  .meta({ id: 'ApplicationIn' });
export type ApplicationIn = z.output<typeof ApplicationIn>;

/** Some settings; what is left out stays. */
export const ApplicationPatch = z
  .object({ ...fields, name: fields.name.optional() })
  .transform(({ name, uid, metadata, ...rates }) => ({ name, uid, metadata, throttleRate: rateOf(rates) }))
  .meta({ id: 'ApplicationPatch' });
export type ApplicationPatch = z.output<typeof ApplicationPatch>;

export const ApplicationOut = z
  .object({
    id: z.string().meta({ examples: ['app_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    uid: z.string().nullable(),
    name: z.string(),
    throttleRate: z.number().int().nullable(),
    rateLimit: z.number().int().nullable().meta({ deprecated: true }),
    metadata: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'ApplicationOut' });

export const ListOfApplications = listOf(ApplicationOut);
