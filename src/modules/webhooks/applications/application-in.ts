import { z } from 'zod';
import { metadata, singleLine, throttleRate, uidOf } from '../../../platform/http/fields';

export const applicationFields = {
  name: singleLine(1_024).meta({ examples: ['Acme Inc.'] }),
  uid: uidOf('app')
    .nullish()
    .meta({ description: 'Your own id; every path takes it in place of the id.', examples: ['customer-7'] }),
  throttleRate: throttleRate.nullish().meta({ description: 'Messages per second.' }),
  rateLimit: throttleRate.nullish().meta({ description: 'Former name of `throttleRate`.', deprecated: true }),
  metadata: metadata.optional(),
};

type Rates = { readonly throttleRate?: number | null | undefined; readonly rateLimit?: number | null | undefined };

export const rateOf = ({ throttleRate, rateLimit }: Rates) => (throttleRate === undefined ? rateLimit : throttleRate);

/** All settings; what is left out has its default. */
export const ApplicationIn = z
  .object(applicationFields)
  .transform(({ name, uid, metadata = {}, ...rates }) => ({
    name,
    uid,
    metadata,
    throttleRate: rateOf(rates) ?? null,
  }))
  .meta({ id: 'ApplicationIn' });
export type ApplicationIn = z.output<typeof ApplicationIn>;
