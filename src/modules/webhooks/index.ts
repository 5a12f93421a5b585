/** Webhooks: applications, event types, endpoints, messages and their deliveries. */
export { WebhooksModule } from './webhooks.module';
export { ApplicationCreated, ApplicationDeleted, ApplicationUpdated } from './applications';
export { EndpointCreated, EndpointDeleted, EndpointDisabled, EndpointSecretRotated, EndpointUpdated } from './endpoints';
export { EventTypeArchived, EventTypeCreated, EventTypeDeleted, EventTypeUpdated } from './event-types';
