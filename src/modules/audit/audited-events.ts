import type { EventDefinition } from '../../platform/events/domain-event';
import { ApiKeyCreated, ApiKeyRevoked } from '../auth';
import { OrganizationCreated } from '../organizations';
import { UserEmailVerified, UserRegistered, UserRegistrationRepeated } from '../users';

type Subject = { readonly actor: string; readonly object: string };
type AuditedEvent = { readonly event: EventDefinition; readonly subjectOf: (payload: unknown) => Subject };

/** Who did it, and to what, in the words of each event. An event that is listed here is in the audit log. */
export const AUDITED_EVENTS: readonly AuditedEvent[] = [
  audited(UserRegistered, ({ userId }) => ({ actor: userId, object: userId })),
  // By whom is not known: the owner of the address, or a stranger.
  audited(UserRegistrationRepeated, ({ userId }) => ({ actor: 'anonymous', object: userId })),
  audited(UserEmailVerified, ({ userId }) => ({ actor: userId, object: userId })),
  audited(OrganizationCreated, ({ organizationId, userId }) => ({ actor: userId, object: organizationId })),
  audited(ApiKeyCreated, ({ apiKeyId, userId }) => ({ actor: userId, object: apiKeyId })),
  audited(ApiKeyRevoked, ({ apiKeyId, userId }) => ({ actor: userId, object: apiKeyId })),
];

function audited<Payload>(event: EventDefinition<string, Payload>, subjectOf: (payload: Payload) => Subject): AuditedEvent {
  return { event, subjectOf: (payload) => subjectOf(event.schema.parse(payload)) };
}
