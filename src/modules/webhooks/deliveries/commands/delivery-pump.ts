import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import pLimit from 'p-limit';
import { CONFIG, type Config } from '../../../../config/env';
import { DisableEndpoint } from '../../endpoints';
import type { DeliveryResult } from '../domain/attempt';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import { type Claim, DeliveryStore, type Planned, type Room } from '../domain/delivery-store';
import { DeliveryMetrics } from '../delivery-metrics';
import { DeliveryAttempts } from './delivery-attempts';

/** Claims of fewer cost as much as claims of more: until this share of what is under way has ended it is better to wait. */
const MIN_ROOM_SHARE = 0.5;
/** So long, for what hangs must not keep the others waiting. */
const REFILL_MS = 50;
/** A claim is followed by a pause as long as it took, at most this: on a busy machine claims become larger and not more. */
const MAX_PAUSE_MS = 100;
/** Nor does a rate have a claim for each of its slots. */
const MIN_PAUSE_MS = 25;
const NO_ROOM: Room = { deliveries: 0, bytes: 0 };
/** What a claim without room would find. */
const FULL: Claim = { deliveries: [], crowded: true, held: false, againInMs: null };
/** A result that cannot be written is kept and tried again while its lease can still be ours. */
const RECORD_RETRY_MS = 500;
const RECORD_TRIES = 60;

/**
 * The sender's hands: how many deliveries are in flight in this process, and that each is written down. No transaction and no
 * connection is held while a stranger answers.
 */
@Injectable()
export class DeliveryPump {
  private readonly logger = new Logger(DeliveryPump.name);
  private readonly abort = new AbortController();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly maxInFlight: number;
  private readonly maxBytes: number;
  private filling: Promise<boolean> | undefined;
  /** Asked to fill while filling: what was asked for may have become due after the last claim. */
  private again = false;
  /** More was due than fitted, so room that becomes free is filled at once, without waiting for a bell. */
  private hungry = false;
  /** Not even all that was due had a place: not because an organization has all that it may, but here. */
  private overdue = false;
  /** Results that the next claim waits for, if it is hungry. */
  private awaited = 0;
  private bytes = 0;
  /** For what may go sooner than a sweep would look. */
  private timer: { readonly at: number; readonly handle: NodeJS.Timeout } | undefined;
  /** Who leases takes turns: room is given away once, and statements of one process do not wait for each other's locks. */
  private readonly turn = pLimit(1);
  private pauseUntil = 0;
  private stopped = false;

  constructor(
    private readonly store: DeliveryStore,
    private readonly attempts: DeliveryAttempts,
    private readonly commands: CommandBus,
    private readonly metrics: DeliveryMetrics,
    @Inject(CONFIG) { delivery }: Config,
  ) {
    this.maxInFlight = delivery.maxInFlight;
    this.maxBytes = delivery.maxInFlightBytes;
  }

  /** Plans up to `limit` messages, and starts at once what there is room for. While something due does not fit, the new goes behind it. */
  plan(limit: number): Promise<Planned> {
    return this.lease((room) => this.store.fanOut(limit, this.overdue ? NO_ROOM : room));
  }

  /** @returns whether more is due than this worker has room for */
  fill(): Promise<boolean> {
    const pause = this.pauseUntil - performance.now();
    if (pause > 0) {
      this.refillIn(pause);
      return Promise.resolve(this.hungry);
    }
    this.again = true;
    this.filling ??= this.claimAll().finally(() => (this.filling = undefined));
    return this.filling;
  }

  /** Waits for what is in flight; after `ms` aborts the rest, which goes back to pending. */
  async drain(ms: number): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer?.handle);
    const timer = setTimeout(() => {
      this.abort.abort();
    }, ms);
    await this.filling?.catch(() => undefined);
    // What is being leased at this moment is still sent.
    await this.turn(() => undefined);
    await Promise.all(this.inFlight);
    clearTimeout(timer);
  }

  private isFull(): boolean {
    return this.inFlight.size >= this.maxInFlight || this.bytes >= this.maxBytes;
  }

  private get room(): Room {
    if (this.stopped || this.isFull()) return NO_ROOM;
    return { deliveries: this.maxInFlight - this.inFlight.size, bytes: this.maxBytes - this.bytes };
  }

  private lease<T extends Pick<Claim, 'deliveries'>>(from: (room: Room) => T | Promise<T>): Promise<T> {
    return this.turn(async () => {
      const leased = await from(this.room);
      for (const delivery of leased.deliveries) this.start(delivery);
      return leased;
    });
  }

  private async claimAll(): Promise<boolean> {
    for (;;) {
      if (this.stopped || this.isFull()) return this.rest(this.isFull());
      this.again = false;
      const started = performance.now();
      const { crowded, held, againInMs } = await this.lease((room) => (room.deliveries === 0 ? FULL : this.store.claim(room)));
      this.pauseUntil = performance.now() + Math.min(performance.now() - started, MAX_PAUSE_MS);
      if (againInMs !== null) this.refillIn(Math.max(againInMs, MIN_PAUSE_MS));
      // As many lanes as were asked for may have been at their caps while others are due: look once more.
      if (!crowded && !this.askedAgain()) return this.rest(held || this.isFull());
    }
  }

  private rest(hungry: boolean): boolean {
    this.awaited = Math.ceil(this.inFlight.size * MIN_ROOM_SHARE);
    this.overdue = this.isFull();
    return (this.hungry = hungry);
  }

  /** A method, because the compiler does not know that `again` changes while a claim is awaited. */
  private askedAgain(): boolean {
    return this.again;
  }

  private start(delivery: ClaimedDelivery): void {
    const bytes = delivery.payload?.length ?? 0;
    const work = this.deliver(delivery)
      .catch((error: unknown) => {
        this.logger.error({ messageId: delivery.messageId, endpointId: delivery.endpointId, err: error }, 'delivery ended unexpectedly');
      })
      .finally(() => {
        this.inFlight.delete(work);
        this.bytes -= bytes;
        this.metrics.inFlight(this.inFlight.size);
        this.awaited--;
        if (!this.hungry) return;
        if (this.awaited <= 0) this.refill();
        else this.refillIn(REFILL_MS);
      });
    this.inFlight.add(work);
    this.bytes += bytes;
    this.metrics.inFlight(this.inFlight.size);
  }

  private refill(): void {
    if (!this.stopped)
      void this.fill().catch((error: unknown) => {
        this.logger.warn({ err: error }, 'claim failed; the sweep will repeat it');
      });
  }

  /** The earliest that was asked for. */
  private refillIn(ms: number): void {
    const at = performance.now() + ms;
    if (this.stopped || (this.timer && this.timer.at <= at)) return;
    clearTimeout(this.timer?.handle);
    const handle = setTimeout(() => {
      this.timer = undefined;
      this.refill();
    }, ms);
    this.timer = { at, handle };
  }

  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const result = await this.attempts.make(delivery, this.abort.signal);
    await this.record(result);
    if (result.attempt?.reason === 'http_410_gone') await this.disable(delivery);
  }

  /** The request has been made; forgetting it would mean making it again. */
  private async record(result: DeliveryResult): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        const { laneDue } = await this.store.record(result);
        // Who is hungry looks soon anyway.
        if (laneDue && !this.hungry) this.refill();
        return;
      } catch (error) {
        if (tries === RECORD_TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, RECORD_RETRY_MS));
      }
    }
  }

  private async disable({ organizationId, applicationId, endpointId }: ClaimedDelivery): Promise<void> {
    await this.commands.execute(new DisableEndpoint(organizationId, applicationId, endpointId, 'gone'));
  }
}
