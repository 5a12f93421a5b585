import { z } from 'zod';
import { listOf } from '../../../../platform/http/list-page';
import { applicationFields, rateOf } from '../application-in';

/** Some settings; what is left out stays. */
export const ApplicationPatch = z
  .object({ ...applicationFields, name: applicationFields.name.optional() })
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
