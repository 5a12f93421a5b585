import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Bells } from '../../../../platform/queue/bells';
import { DeliverDue } from '../commands/deliver-due';
import { FanOutMessages } from '../commands/fan-out-messages';
import { FilterCandidates } from '../commands/filter-candidates';
import { DELIVER_QUEUE, FAN_OUT_QUEUE } from '../queues';

/** So long a shift waits for more before it ends: under load there is always more, and nobody rings. */
const LINGER_MS = 50;
/**
 * A round is followed by a pause of so many times what it took, at most `MAX_PAUSE_MS`: on a busy machine rounds become larger and
 * not more. One of fewer messages than `BUSY_MESSAGES` by a pause that is shorter in proportion: with little to do a round
 * that was slow by chance kept the next messages for three times as long, which was the p99 of a quarter of the load.
 */
const PAUSE_SHARE = 2;
const MAX_PAUSE_MS = 50;
const BUSY_MESSAGES = 32;
/** A bell that nobody of this process heard within this was heard by another worker, or lost. Shorter than the pause of sweeps, which ring again. */
const UNHEARD_MS = 250;
/** Others are called for help this often; what they would miss they find by their own sweeps. */
const CALL_MS = 500;

/**
 * A bell is for who sleeps. Who heard one plans what was accepted until nothing has come for a moment, and learns of commits from
 * PostgreSQL meanwhile, not from Redis: a bell costs more than twenty commands.
 */
@Injectable()
export class PlanningShift implements BeforeApplicationShutdown {
  private readonly logger = new Logger(PlanningShift.name);
  private awake: Promise<void> | undefined;
  private noticed = false;
  private wake: () => void = () => undefined;
  private rungAt = -Infinity;
  private calledAt = -Infinity;
  private stopped = false;

  constructor(
    private readonly commands: CommandBus,
    private readonly bells: Bells,
  ) {}

  /** Messages wait. Whoever hears the bell plans them; without Redis this worker does. */
  async notice(): Promise<void> {
    if (this.awake) {
      this.noticed = true;
      this.wake();
      return;
    }
    if (performance.now() < this.rungAt + UNHEARD_MS) return;
    this.rungAt = performance.now();
    if (!(await this.bells.ring(FAN_OUT_QUEUE))) void this.run();
  }

  /** Never rejects: what could not be planned is found by the sweep. */
  run(): Promise<void> {
    this.rungAt = -Infinity;
    this.noticed = true;
    this.wake();
    this.awake ??= this.work()
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'planning failed and will be repeated');
      })
      .finally(() => (this.awake = undefined));
    return this.awake;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.awake;
  }

  private async work(): Promise<void> {
    while (!this.stopped && (await this.moreCame())) {
      this.noticed = false;
      const started = performance.now();
      const load = await this.round();
      await pause(Math.min((performance.now() - started) * PAUSE_SHARE * load, MAX_PAUSE_MS));
    }
  }

  /** @returns how much there was to do, at most 1 */
  private async round(): Promise<number> {
    const { messages, waiting, toFilter } = await this.commands.execute(new FanOutMessages());
    if (waiting > 0) this.deliver();
    const load = Math.min(messages / BUSY_MESSAGES, 1);
    if (!toFilter) return load;
    const { deliveries, more } = await this.commands.execute(new FilterCandidates());
    if (deliveries > 0) this.deliver();
    this.noticed ||= more;
    return more ? 1 : load;
  }

  private async moreCame(): Promise<boolean> {
    if (this.noticed) return true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LINGER_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return this.isNoticed();
  }

  /** A method, because the compiler does not know that `noticed` changes while a shift waits. */
  private isNoticed(): boolean {
    return this.noticed;
  }

  /** Here first; others are called when there is more than fits. Planning goes on meanwhile. */
  private deliver(): void {
    void this.commands
      .execute(new DeliverDue())
      .then(async (more) => {
        if (!more || performance.now() < this.calledAt + CALL_MS) return;
        this.calledAt = performance.now();
        await this.bells.ring(DELIVER_QUEUE);
      })
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'claim failed; the sweep will repeat it');
      });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
