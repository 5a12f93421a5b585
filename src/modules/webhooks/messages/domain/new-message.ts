/** One event handed in for one application, before it is stored. */
export type NewMessage = {
  readonly id: string;
  readonly organizationId: string;
  /** Id or uid, as the path names it. */
  readonly application: string;
  readonly eventId: string | null;
  readonly eventType: string;
  readonly channels: readonly string[] | null;
  readonly tags: readonly string[] | null;
  /** The bytes as they came: they are what is signed and sent. */
  readonly payload: Buffer;
  /** Null for JSON. */
  readonly contentType: string | null;
  /** Null, and what is past, is at once. */
  readonly deliverAt: Date | null;
  /** How long the payload is kept, from its delivery on; null for as long as the message itself. */
  readonly retentionHours: number | null;
  /** The only endpoint that it is for; null for all that want it. */
  readonly endpointId: string | null;
  /** Version of the event type against whose schema the payload was checked; null when there is nothing to check. */
  readonly checkedVersion: number | null;
  /** What its deliveries come of, for whoever traces them: `traceparent`, and `tracestate` behind a space. */
  readonly trace: string | null;
};

/**
 * Why a message was not stored; neighbours in the same batch are not concerned. `unchecked`: the event type is not of the
 * version that the payload was checked against.
 */
export type Refusal = 'unknown_application' | 'duplicate_event_id' | 'unchecked';

/** The time of a message is the one in its id. */
export type Appended = { readonly acceptedAt: Date } | { readonly refused: Refusal };
