import { z } from 'zod';
import { defineEvent } from '../../../platform/events/domain-event';

const payload = z.object({ eventTypeId: z.string(), name: z.string() });
const audit = { audits: ({ eventTypeId }: z.output<typeof payload>) => eventTypeId };

export const EventTypeCreated = defineEvent('event_type.created', payload, audit);
export const EventTypeUpdated = defineEvent('event_type.updated', payload, audit);
export const EventTypeArchived = defineEvent('event_type.archived', payload, audit);
export const EventTypeDeleted = defineEvent('event_type.deleted', payload, audit);
