export type DeliveryKey = { readonly messageId: string; readonly endpointId: string };

export type Receiver = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Keys that sign, the current one first; expired ones are left out. */
  readonly keys: readonly string[];
  /** Null: the default of the installation; as below. */
  readonly timeoutMs: number | null;
  readonly retrySchedule: readonly number[] | null;
  /** Changes what is sent; null when it goes as it is. */
  readonly transformation: { readonly code: string; readonly variables: Readonly<Record<string, string>> } | null;
};

/** A delivery that this worker leased, with all that sending it needs. */
export type ClaimedDelivery = DeliveryKey & {
  readonly organizationId: string;
  readonly applicationId: string;
  readonly eventType: string;
  readonly attemptsBefore: number;
  /** 0 by the schedule, 1 by a person. */
  readonly triggerType: number;
  /** Fencing token: a result is written only while the delivery still carries it. */
  readonly lease: string;
  readonly acceptedAt: Date;
  /** Null: expired or erased. */
  readonly payload: Buffer | null;
  /** What its message came of, as it is stored; null when nobody traces. */
  readonly trace: string | null;
  /** A word when it is not to be sent to. */
  readonly receiver: Receiver | 'disabled' | 'deleted' | 'closed';
};
