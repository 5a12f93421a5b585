/** Webhooks: applications, event types, endpoints, messages and their deliveries. */
export { WEBHOOK_QUEUES, WebhooksModule, WebhooksWorkerModule } from './webhooks.module';
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
export { MessageAttemptExhausted, MessageAttemptFailing, MessageAttemptRecovered } from './deliveries';
export { EventTypeArchived, EventTypeCreated, EventTypeDeleted, EventTypeUpdated } from './event-types';
export { HoldOrganization, LegalHoldsModule, ListLegalHolds, ReleaseOrganization } from './retention';
