import { DomainError } from '../../../../platform/errors/domain-error';
import { bytesOf, itemBytes, rememberBytes } from '../../../../platform/http/member-bytes';
import type { Principal } from '../../../../platform/http/principal';
import { refusalOf } from '../../../../platform/http/problem.filter';
import { SchemaPipe } from '../../../../platform/http/validation';
import { ApplicationWrite } from '../../applications';
import type { CreateMessage } from '../commands/create-message';
import type { CreateMessages } from '../commands/create-messages';
import type { AcceptedMessage, Taken } from '../commands/message-intake';
import { messageJson, shownPayload } from '../message-json';
import { MessageIn } from './message.schemas';

type Event = CreateMessage['event'];

const RAW_TYPE = 'application/json';

/** @param body as it was parsed: it knows its bytes */
export function eventOf(message: MessageIn, body: unknown, { scopes }: Principal): Event {
  const { eventType, eventId, channels, tags, deliverAt, payloadRetentionPeriod: days, payloadRetentionHours: hours } = message;
  const { rawPayload = null, headers } = message.transformationsParams ?? {};
  return {
    eventType,
    eventId,
    channels,
    tags,
    deliverAt,
    payload: rawPayload === null ? payloadOf(body) : Buffer.from(rawPayload),
    contentType: rawPayload === null ? null : (headers?.['content-type'] ?? RAW_TYPE),
    retentionHours: hours ?? (days && days * 24),
    application: message.application && {
      settings: message.application,
      permitted: scopes === null || scopes.includes(ApplicationWrite.name),
    },
  };
}

/** The messages of a batch; one that breaks its schema is its own problem. */
export function eventsOf(body: unknown, caller: Principal): CreateMessages['events'] {
  const { messages } = body as { messages: unknown[] };
  const bytes = itemBytes(bytesOf(body).members.get('messages') ?? Buffer.from('[]'));
  return messages.map((message, i) => {
    try {
      const known = rememberBytes(message, bytes[i] ?? Buffer.alloc(0));
      const valid = new SchemaPipe().transform(known, { type: 'body', schema: MessageIn }) as MessageIn;
      return eventOf(valid, message, caller);
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  });
}

export function acceptedJson(event: Event, { id, acceptedAt, warnings }: AcceptedMessage, withContent: boolean): string {
  const { eventType, eventId = null, channels = null, tags = null, deliverAt = null, contentType = null } = event;
  return messageJson({
    id,
    eventId,
    eventType,
    channels,
    tags,
    state: deliverAt ? 'scheduled' : 'accepted',
    deliverAt,
    timestamp: acceptedAt,
    warnings: warnings.length > 0 ? warnings : undefined,
    payload: shownPayload(event.payload, withContent, contentType !== null),
  });
}

export function batchJson(events: CreateMessages['events'], taken: readonly Taken[], withContent: boolean): string {
  const results = taken.map((result, i) => {
    if (!(result instanceof DomainError)) return `{"status":202,"message":${acceptedJson(events[i] as Event, result, withContent)}}`;
    const { status, code, detail } = refusalOf(result);
    return JSON.stringify({ status, error: { code, detail } });
  });
  return `{"results":[${results.join(',')}]}`;
}

/** The payload as it was written, not as it was parsed. */
function payloadOf(body: unknown): Buffer {
  const { members } = bytesOf(body);
  return members.get('payload') ?? members.get('data') ?? Buffer.alloc(0);
}
