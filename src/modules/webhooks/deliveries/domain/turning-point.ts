import type { DomainEvent } from '../../../../platform/events/domain-event';
import { MessageAttemptExhausted, MessageAttemptFailing, MessageAttemptRecovered } from '../deliveries.events';
import type { DeliveryResult } from './attempt';

/** So many failures are trouble that somebody may want to know of. */
const FAILURES = 4;

/** What others are told of a result: that trouble begins, that there is no more hope, or that it is over. Most results are none of it. */
export function turningPoint({ delivery, attempt, next }: DeliveryResult): DomainEvent | null {
  if (!attempt) return null;
  const { applicationId, messageId, endpointId, attemptsBefore } = delivery;
  const { id: attemptId, responseStatusCode, attemptedAt, reason } = attempt;
  const fact = { applicationId, messageId, endpointId, attemptId, responseStatusCode, attemptedAt: attemptedAt.toISOString() };
  if (next.kind === 'retry') return attemptsBefore + 1 === FAILURES ? MessageAttemptFailing(fact) : null;
  if (next.kind !== 'settle') return null;
  if (next.status === 'success') return attemptsBefore >= FAILURES ? MessageAttemptRecovered(fact) : null;
  // An endpoint that is gone is told of as disabled.
  return next.status === 'fail' && reason !== 'http_410_gone' ? MessageAttemptExhausted(fact) : null;
}
