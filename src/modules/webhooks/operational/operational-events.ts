import type { EventDefinition } from '../../../platform/events/domain-event';
import { MessageAttemptExhausted, MessageAttemptFailing, MessageAttemptRecovered } from '../deliveries';
import { type DisableReason, EndpointCreated, EndpointDeleted, EndpointDisabled, EndpointUpdated } from '../endpoints';
import type { EventSubject } from './queries/get-event-subject';

/** Whom an event is about. */
type Subjects = { readonly applicationId: string; readonly endpointId: string; readonly messageId?: string };
type Details<Payload> = (payload: Payload, subject: EventSubject) => object;

const tells = <Payload extends Subjects>(event: EventDefinition<string, Payload>, details: Details<Payload> = () => ({})) => ({
  event: event as EventDefinition,
  details: details as Details<unknown>,
});

/**
 * What an organization can be told of, under the names of the domain events: each with what its `data` has beside the ids of
 * its subjects. A line more is an operational event more.
 */
const TOLD = [
  tells(EndpointCreated),
  tells(EndpointUpdated),
  tells(EndpointDeleted),
  tells(EndpointDisabled, disabled),
  tells(MessageAttemptFailing, lastAttempt),
  tells(MessageAttemptExhausted, lastAttempt),
  tells(MessageAttemptRecovered, lastAttempt),
];

export const OPERATIONAL_EVENTS: readonly EventDefinition[] = TOLD.map(({ event }) => event);
export const OPERATIONAL_EVENT_TYPES: readonly string[] = OPERATIONAL_EVENTS.map(({ type }) => type);

/** The body of an operational webhook. */
export function operationalPayload(type: string, payload: Subjects, subject: EventSubject): object {
  const told = TOLD.find(({ event }) => event.type === type);
  if (!told) throw new Error(`Nobody is told of ${type}.`);
  const { applicationId: appId, endpointId, messageId: msgId } = payload;
  const uids = { appUid: subject.appUid, endpointUid: subject.endpointUid, msgEventId: subject.msgEventId };
  const given = Object.fromEntries(Object.entries(uids).filter(([, uid]) => uid !== null));
  return { type, data: { appId, endpointId, ...(msgId !== undefined && { msgId }), ...given, ...told.details(payload, subject) } };
}

function disabled({ reason }: { reason: DisableReason }, { failingSince }: EventSubject): object {
  return reason === 'owner' ? { trigger: 'manual' } : { trigger: 'automatic', ...(failingSince && { failSince: failingSince }) };
}

function lastAttempt({ attemptId, responseStatusCode, attemptedAt }: Attempt): object {
  return { lastAttempt: { id: attemptId, responseStatusCode, timestamp: attemptedAt } };
}

type Attempt = { readonly attemptId: string; readonly responseStatusCode: number; readonly attemptedAt: string };
