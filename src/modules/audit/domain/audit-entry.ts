/** One thing that happened. Ids only: names are found, while they exist, where they belong. */
export type AuditEntry = {
  /** Made from the id of the event, so that an event told twice is written once. */
  readonly id: string;
  /** Null for what concerns no organization. */
  readonly organizationId: string | null;
  /** User or API key that did it. */
  readonly actor: string;
  /** Type of the event: `api_key.created`. */
  readonly action: string;
  /** What it was done to. */
  readonly object: string;
  readonly occurredAt: Date;
};

export function auditEntryId(eventId: string): string {
  return eventId.replace(/^evt_/, 'aud_');
}
