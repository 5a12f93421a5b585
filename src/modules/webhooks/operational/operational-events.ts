import type { EventDefinition } from '../../../platform/events/domain-event';
import { MessageAttemptExhausted, MessageAttemptFailing, MessageAttemptRecovered } from '../deliveries';
import { EndpointCreated, EndpointDeleted, EndpointDisabled, EndpointEnabled, EndpointFailing, EndpointUpdated } from '../endpoints';
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
  tells(EndpointFailing, failing),
  tells(EndpointDisabled, disabled),
  tells(EndpointEnabled),
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

function failing({ failingSince, disablesAt, failures, percent }: EndpointFailing): object {
  return { failSince: failingSince, disablesAt, failures, percent };
}

function disabled({ reason, failingSince }: EndpointDisabled, subject: EventSubject): object {
  if (reason === 'owner') return { trigger: 'manual' };
  if (reason === 'unverified') return { trigger: 'automatic' };
  // Who enables it at once has its lane reset before anybody is told.
  const failSince = failingSince ?? subject.failingSince;
  return { trigger: 'automatic', ...(failSince && { failSince }) };
}

function lastAttempt({ attemptId, responseStatusCode, attemptedAt }: Attempt): object {
  return { lastAttempt: { id: attemptId, responseStatusCode, timestamp: attemptedAt } };
}

type Attempt = { readonly attemptId: string; readonly responseStatusCode: number; readonly attemptedAt: string };
