import { z } from 'zod';
import { choice, completeSettings, endpointExtras, endpointSettings, newEndpoint, withoutAliases } from '../../endpoints';
import { OPERATIONAL_EVENT_TYPES } from '../operational-events';

const eventTypes = choice(z.enum(OPERATIONAL_EVENT_TYPES as [string, ...string[]]), OPERATIONAL_EVENT_TYPES.length);

/** As of any endpoint; but the types are ours, and there are no channels. */
const settings = endpointSettings.omit({ channels: true }).extend({
  eventTypes: eventTypes.meta({ description: 'Only events of these types; null or nothing: all.', examples: [['endpoint.disabled']] }),
  filterTypes: eventTypes.meta({ description: 'Former name of `eventTypes`.', deprecated: true }),
});

export const OperationalEndpointUpdate = settings.transform(completeSettings).meta({ id: 'OperationalWebhookEndpointUpdate' });
export type OperationalEndpointUpdate = z.output<typeof OperationalEndpointUpdate>;

export const OperationalEndpointIn = settings.extend(endpointExtras).transform(newEndpoint).meta({ id: 'OperationalWebhookEndpointIn' });
export type OperationalEndpointIn = z.output<typeof OperationalEndpointIn>;

export const OperationalEndpointPatch = settings
  .partial({ url: true })
  .transform(withoutAliases)
  .meta({ id: 'OperationalWebhookEndpointPatch' });
export type OperationalEndpointPatch = z.output<typeof OperationalEndpointPatch>;
