import { z } from 'zod';
import { defineEvent } from '../../../platform/events/domain-event';

const payload = z.object({ eventTypeId: z.string(), name: z.string() });

export const EventTypeCreated = defineEvent('event_type.created', payload);
export const EventTypeUpdated = defineEvent('event_type.updated', payload);
export const EventTypeArchived = defineEvent('event_type.archived', payload);
export const EventTypeDeleted = defineEvent('event_type.deleted', payload);
