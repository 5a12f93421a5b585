import type { DeliveryResult } from '../domain/attempt';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import { type Claim, DeliveryStore, type Planned, type Recorded, type Room } from '../domain/delivery-store';

/** Deliveries that are due, in a list. Leases, caps and time are the real store's: see its own specs. */
export class InMemoryDeliveryStore extends DeliveryStore {
  readonly results: DeliveryResult[] = [];
  readonly claims: number[] = [];
  left = false;
  /** Errors of the next calls of `record`. */
  failures: Error[] = [];
  /** What each claim says beside its deliveries. */
  signs: Omit<Claim, 'deliveries'> = { crowded: false, held: false, againInMs: null };
  private readonly due: ClaimedDelivery[] = [];

  constructor(
    due: readonly ClaimedDelivery[],
    private readonly batch = Infinity,
  ) {
    super();
    this.due = [...due];
  }

  /** What is due has been accepted only now, as it were. */
  override fanOut(_: number, room: Room): Promise<Planned> {
    const deliveries = this.lease(room);
    return Promise.resolve({ messages: deliveries.length, more: false, deliveries, waiting: this.due.length, toFilter: false });
  }

  override claim(room: Room): Promise<Claim> {
    this.claims.push(room.deliveries);
    const deliveries = this.lease(room);
    return Promise.resolve({ deliveries, ...this.signs, crowded: this.signs.crowded || deliveries.length === this.batch });
  }

  private lease({ deliveries: capacity, bytes }: Room): ClaimedDelivery[] {
    let before = 0;
    const fitting = this.due.findIndex(({ payload }) => {
      const full = before >= bytes;
      before += payload?.length ?? 0;
      return full;
    });
    return this.due.splice(0, Math.min(capacity, this.batch, fitting < 0 ? Infinity : fitting));
  }

  override record(result: DeliveryResult): Promise<Recorded> {
    const failure = this.failures.shift();
    if (failure) return Promise.reject(failure);
    this.results.push(result);
    return Promise.resolve({ laneDue: false });
  }

  override beat(): Promise<void> {
    return Promise.resolve();
  }

  override sweep() {
    return Promise.resolve({ messagesWaiting: false, deliveriesDue: this.due.length > 0 });
  }

  override setClosed(): Promise<void> {
    return Promise.resolve();
  }

  override cancelWaiting(): Promise<number> {
    return Promise.resolve(0);
  }

  override leave(): Promise<void> {
    this.left = true;
    return Promise.resolve();
  }
}
