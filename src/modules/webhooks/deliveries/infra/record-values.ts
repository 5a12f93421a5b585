import type { DomainEvent } from '../../../../platform/events/domain-event';
import { observersOf } from '../../../../platform/outbox/observer';
import type { DeliveryResult } from '../domain/attempt';
import { strikesOf } from '../domain/circuit-breaker';

/** A result as it is written: what is private of its attempt is sealed. */
export type SealedResult = {
  readonly result: DeliveryResult;
  readonly details: Buffer;
  /** Empty for none. */
  readonly response: Buffer;
  /** Told to others, if the result counts. */
  readonly event: (DomainEvent & { readonly id: string }) | null;
};

const STATUS = { success: 0, fail: 2, canceled: 4 } as const;

/** The parameters of `RECORD`, column by column. @param schedule that of endpoints without one of their own */
export function recordValues(batch: readonly SealedResult[], schedule: readonly number[]): unknown[] {
  const sent = batch.flatMap(({ result: { delivery, attempt }, ...sealed }) => (attempt ? [{ delivery, attempt, ...sealed }] : []));
  const told = batch.flatMap(({ result: { delivery }, event }) => (event ? [{ delivery, event }] : []));
  const starts: number[] = [];
  let start = 1; // as SQL counts
  for (const { details, response } of sent) {
    starts.push(start);
    start += details.length + response.length;
  }
  const duties = told.flatMap(({ event }) => observersOf(event.type).map((observer) => ({ id: event.id, observer })));
  return [
    batch.map(({ result }) => result.delivery.messageId),
    batch.map(({ result }) => result.delivery.endpointId),
    batch.map(({ result }) => result.delivery.lease),
    batch.map(({ result: { next } }) => (next.kind === 'settle' ? 'settle' : 'put_back')),
    batch.map(({ result: { next } }) => (next.kind === 'settle' ? STATUS[next.status] : null)),
    batch.map(({ result: { next } }) => (next.kind === 'settle' ? next.reason : null)),
    batch.map(({ result: { next } }) => (next.kind === 'retry' ? next.delaySeconds : 0)),
    sent.map(({ attempt }) => attempt.id),
    sent.map(({ delivery }) => delivery.organizationId),
    sent.map(({ delivery }) => delivery.applicationId),
    sent.map(({ delivery }) => delivery.messageId),
    sent.map(({ delivery }) => delivery.endpointId),
    sent.map(({ delivery }) => delivery.eventType),
    sent.map(({ attempt }) => (attempt.succeeded ? STATUS.success : STATUS.fail)),
    sent.map(({ attempt }) => attempt.reason),
    sent.map(({ attempt }) => attempt.responseStatusCode),
    sent.map(({ attempt }) => attempt.responseDurationMs),
    sent.map(({ delivery }) => delivery.triggerType),
    starts,
    sent.map(({ details }) => details.length),
    sent.map(({ attempt }) => attempt.attemptedAt),
    batch.map(({ result: { attempt } }) => (attempt ? 1 : 0)),
    sent.map(({ response }) => response.length),
    told.map(({ delivery }) => delivery.messageId),
    told.map(({ delivery }) => delivery.endpointId),
    told.map(({ delivery }) => delivery.organizationId),
    told.map(({ event }) => event.id),
    told.map(({ event }) => event.type),
    told.map(({ event }) => JSON.stringify(event.payload)),
    duties.map(({ id }) => id),
    duties.map(({ observer }) => observer),
    batch.map(({ result: { attempt } }) => attempt && strikesOf(attempt)),
    schedule,
    Buffer.concat(sent.flatMap(({ details, response }) => [details, response])),
  ];
}
