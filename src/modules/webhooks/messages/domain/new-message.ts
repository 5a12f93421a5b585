/** One event handed in for one application, before it is stored. */
export type NewMessage = {
  readonly id: string;
  readonly organizationId: string;
  /** Id or uid, as the path names it. */
  readonly application: string;
  readonly eventId: string | null;
  readonly eventType: string;
  readonly channels: readonly string[] | null;
  /** The bytes as they came: they are what is signed and sent. */
  readonly payload: Buffer;
};

/** Why a message was not stored; neighbours in the same batch are not concerned. */
export type Refusal = 'unknown_application' | 'duplicate_event_id';

export type Appended = { readonly acceptedAt: Date } | { readonly refused: Refusal };
