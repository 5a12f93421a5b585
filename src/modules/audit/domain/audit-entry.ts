import type { AuditRule, DomainEvent } from '../../../platform/events/domain-event';

/** One thing that happened. Ids only: names are found, while they exist, where they belong. */
export type AuditEntry = {
  readonly id: string;
  /** Type of the event: `api_key.created`. */
  readonly action: string;
  /** Id of what it was done to. */
  readonly object: string;
  readonly result: 'success' | 'refused';
  /** Names of the fields that changed, never their values. */
  readonly fields: readonly string[];
};

/** Null for an event that is nobody's business but its observers'. */
export function auditEntry(event: DomainEvent & { readonly id: string }, rule: AuditRule | null): AuditEntry | null {
  if (!rule) return null;
  const { id, type, payload } = event;
  return {
    id: id.replace(/^evt_/, 'aud_'),
    action: type,
    object: rule.audits(payload),
    result: rule.result ?? 'success',
    fields: rule.fields?.(payload) ?? [],
  };
}
