import type { DeliveryResult } from './attempt';
import type { ClaimedDelivery } from './claimed-delivery';

/** What a worker still has room for. */
export type Room = { readonly deliveries: number; readonly bytes: number };

export type Planned = {
  readonly messages: number;
  /** There may be more to plan. */
  readonly more: boolean;
  /** Leased in the same stroke. */
  readonly deliveries: readonly ClaimedDelivery[];
  /** Planned without a lease: somebody has to claim them. */
  readonly waiting: number;
  /** Whether there are deliveries about which a filter decides first. */
  readonly toFilter: boolean;
};

export type Claim = {
  readonly deliveries: readonly ClaimedDelivery[];
  /** There may be more that is due: one claim is of so many at most. */
  readonly crowded: boolean;
  /** An organization has all under way that it may. */
  readonly held: boolean;
  /** When a rate lets the next one go, if that is soon. */
  readonly againInMs: number | null;
};

/** `laneDue`: room at an endpoint's cap was waited for, so there is more to claim now. */
export type Recorded = { readonly laneDue: boolean };

/** Port: the working set of deliveries. Any number of workers use it at once; all times are those of the database. */
export abstract class DeliveryStore {
  /**
   * Plans the deliveries of up to `limit` accepted messages, and leases those that nothing stands in the way of while there is
   * room. Each message is planned exactly once.
   */
  abstract fanOut(limit: number, room?: Room): Promise<Planned>;
  /**
   * Leases due deliveries while there is room, the last one of whatever size, fairly by endpoint, and within what each
   * endpoint, application and organization may have under way; in their order where an endpoint wants one.
   */
  abstract claim(room: Room): Promise<Claim>;
  /** Resolves after the commit. A delivery whose lease was lost meanwhile keeps its newer state. */
  abstract record(result: DeliveryResult): Promise<Recorded>;
  /** Tells the others that this worker lives. */
  abstract beat(): Promise<void>;
  /** Frees what dead workers held, and says whether anything is due. */
  abstract sweep(): Promise<{ readonly messagesWaiting: boolean; readonly deliveriesDue: boolean }>;
  /** Whether an organization is closed, as of `at`: from then on nothing is sent for it. */
  abstract setClosed(organizationId: string, closed: boolean, at: Date): Promise<void>;
  /** Cancels up to `limit` deliveries that wait, if the organization is closed. @returns how many */
  abstract cancelWaiting(organizationId: string, limit: number): Promise<number>;
  /** Takes this worker off the list; what it still held is free at once. */
  abstract leave(): Promise<void>;
}
