import { reasonText } from './reason-text';

export const OUTCOMES = ['delivered', 'pending', 'failed', 'canceled', 'not_sent'] as const;

/** `reason` is a stable word, and the sentence is for people. */
export type Explanation = { readonly outcome: (typeof OUTCOMES)[number]; readonly reason: string; readonly sentence: string };

export type ExplainedMessage = {
  readonly eventType: string;
  readonly channels: readonly string[] | null;
  readonly state: 'accepted' | 'scheduled' | 'canceled';
  /** When the endpoints were asked: as it came, or at its time. */
  readonly askedAt: Date;
  /** It was not planned yet. */
  readonly waits: boolean;
};

export type ExplainedEndpoint = {
  readonly eventTypes: readonly string[] | null;
  readonly channels: readonly string[] | null;
  readonly disabled: boolean;
  /** Null also when it is not known. */
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
  /** What its filter says of the payload; `unknown` when that is gone. */
  readonly filter: 'none' | 'matches' | 'differs' | 'unknown';
  /** Its filter is about to decide. */
  readonly waits: boolean;
};

export type ExplainedDelivery = { readonly status: number; readonly reason: string | null; readonly attempts: number };

/**
 * Why an endpoint got a message or did not: what became of the delivery, which is a fact, or, without one, which of today's
 * settings keeps such a message away.
 */
export function explain(message: ExplainedMessage, endpoint: ExplainedEndpoint, delivery: ExplainedDelivery | null): Explanation {
  if (delivery) return ofDelivery(delivery);
  if (message.state === 'canceled') return notSent('message_canceled', 'The message was canceled before its time.');
  if (message.state === 'scheduled') return pending('scheduled', 'The message waits for its time; the endpoints are asked then.');
  if (message.waits) return pending('accepted', 'The message was accepted a moment ago; the endpoints are about to be asked.');
  if (endpoint.waits) return pending('accepted', 'The filter of the endpoint is about to be asked.');
  const { reason, sentence } = obstacle(message, endpoint);
  const changed = changedSince(message, endpoint) && reason !== 'created_later';
  return notSent(reason, changed ? `${sentence} It was changed after the message came, and may have been different then.` : sentence);
}

/** Whether the settings of today may not be those that decided. */
export function changedSince({ askedAt }: Pick<ExplainedMessage, 'askedAt'>, { updatedAt }: Pick<ExplainedEndpoint, 'updatedAt'>): boolean {
  return updatedAt > askedAt;
}

function ofDelivery({ status, reason, attempts }: ExplainedDelivery): Explanation {
  const word = reason ?? 'unknown';
  const sentence = reasonText(word);
  switch (status) {
    case 0:
      return { outcome: 'delivered', reason: 'matched', sentence: 'The endpoint got the message.' };
    case 1:
      return pending('matched', attempts === 0 ? 'The message waits for its turn.' : `${attempted(attempts)}, and it will be tried again.`);
    case 3:
      return pending('matched', 'The message is being sent at this moment.');
    case 4:
      return { outcome: 'canceled', reason: word, sentence };
    default:
      return { outcome: 'failed', reason: word, sentence: attempts === 0 ? sentence : `${attempted(attempts)}. The last: ${sentence}` };
  }
}

const attempted = (attempts: number) => (attempts === 1 ? 'It was attempted once' : `It was attempted ${attempts} times`);

/** The first thing that stands in the way, in the order in which the fan-out asks. */
function obstacle(message: ExplainedMessage, endpoint: ExplainedEndpoint): { readonly reason: string; readonly sentence: string } {
  const { eventTypes, channels, disabled, disabledAt, createdAt, deletedAt, filter } = endpoint;
  if (createdAt > message.askedAt)
    return {
      reason: 'created_later',
      sentence: 'The endpoint was made after the message came. Replay what it missed, or send the message again.',
    };
  if (disabled && !(disabledAt && disabledAt > message.askedAt)) return { reason: 'disabled', sentence: 'The endpoint is disabled.' };
  if (eventTypes && !eventTypes.includes(message.eventType))
    return { reason: 'event_type', sentence: `The endpoint does not want messages of the type ${message.eventType}.` };
  if (channels && !channels.some((channel) => message.channels?.includes(channel)))
    return { reason: 'channel', sentence: 'The endpoint wants certain channels only, and the message is in none of them.' };
  if (filter === 'differs') return { reason: 'filter', sentence: 'The payload does not match the filter of the endpoint.' };
  if (filter === 'unknown')
    return { reason: 'filter', sentence: 'The endpoint has a filter, and the payload is gone: most likely it did not match.' };
  if (deletedAt) return { reason: 'deleted', sentence: 'The endpoint was deleted.' };
  return {
    reason: 'unknown',
    sentence: 'Nothing of today stands in the way: the message may have been for another endpoint only.',
  };
}

const pending = (reason: string, sentence: string): Explanation => ({ outcome: 'pending', reason, sentence });
const notSent = (reason: string, sentence: string): Explanation => ({ outcome: 'not_sent', reason, sentence });
