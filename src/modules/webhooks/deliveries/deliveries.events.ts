import { z } from 'zod';
import { defineEvent } from '../../../platform/events/domain-event';

const TurningPoint = z.object({
  applicationId: z.string(),
  messageId: z.string(),
  endpointId: z.string(),
  /** The attempt that made it so. */
  attemptId: z.string(),
  responseStatusCode: z.number().int(),
  attemptedAt: z.iso.datetime(),
});
export type TurningPoint = z.output<typeof TurningPoint>;

/** A message failed at an endpoint for the fourth time, and will be tried again. */
export const MessageAttemptFailing = defineEvent('message.attempt.failing', TurningPoint);
/** The schedule of retries is used up. */
export const MessageAttemptExhausted = defineEvent('message.attempt.exhausted', TurningPoint);
/** A message arrived after it had failed four times or more. */
export const MessageAttemptRecovered = defineEvent('message.attempt.recovered', TurningPoint);
