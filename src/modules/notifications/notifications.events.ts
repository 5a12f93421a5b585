import { z } from 'zod';
import { defineEvent } from '../../platform/events/domain-event';

/** One person is to be told how an endpoint fares. One event each: a mail that fails repeats nobody else's. */
export const EndpointNoticeDue = defineEvent(
  'notification.endpoint_notice_due',
  z.object({
    userId: z.string(),
    applicationId: z.string(),
    endpointId: z.string(),
    /** Null: it was disabled. */
    disablesAt: z.iso.datetime().nullable(),
    reason: z.enum(['gone', 'failing']),
    failingSince: z.iso.datetime().nullable(),
  }),
);
export type EndpointNoticeDue = z.output<typeof EndpointNoticeDue.schema>;
