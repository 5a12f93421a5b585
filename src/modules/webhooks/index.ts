import { defineModule } from '../../platform/modules/feature-module';
import { WEBHOOK_QUEUES, WebhooksModule, WebhooksWorkerModule } from './webhooks.module';

/** Webhooks: applications, event types, endpoints, messages and their deliveries. */
export const webhooks = defineModule({ name: 'webhooks', module: WebhooksModule, worker: WebhooksWorkerModule, queues: WEBHOOK_QUEUES });
export {
  ApplicationCreated,
  ApplicationDeleted,
  ApplicationUpdated,
  ApplicationIn,
  CreateApplication,
  GetApplication,
  ResolveApplication,
} from './applications';
export {
  EndpointCreated,
  EndpointDeleted,
  EndpointDisabled,
  EndpointEnabled,
  EndpointFailing,
  EndpointSecretRotated,
  EndpointUpdated,
  GetEndpoint,
} from './endpoints';
export { MessageAttemptExhausted, MessageAttemptFailing, MessageAttemptRecovered, SILENCE_SECONDS } from './deliveries';
export { EventTypeArchived, EventTypeCreated, EventTypeDeleted, EventTypeUpdated } from './event-types';
export { HoldOrganization, LegalHoldsModule, ListLegalHolds, ReleaseOrganization } from './retention';
