/** Kinds of messages that endpoints can subscribe to. */
export { EventTypesModule } from './event-types.module';
export { EventTypeArchived, EventTypeCreated, EventTypeDeleted, EventTypeUpdated } from './event-types.events';
export { CheckPayload, type PayloadCheck } from './queries/check-payload';
export { FindUnavailableEventTypes } from './queries/find-unavailable-event-types';
export { GetEventExample } from './queries/get-event-example';
export { GetEventType } from './queries/get-event-type';
