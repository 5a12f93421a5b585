import fc from 'fast-check';
import { newId } from '../../../../platform/ids/id';
import { openTestStore, type TestStore } from '../../../../../test/support/store';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import type { NextStep } from '../domain/next-step';
import { deliveryFixture, resultOf, SUCCESS } from '../testing/delivery-fixture';
import type { SqlDeliveryStore } from './sql-delivery-store';

const ORGANIZATION = newId('org');
const WORKERS = 2;
const CAP = 3;
const FAIL: NextStep = { kind: 'settle', status: 'fail', reason: 'http_5xx' };
const AT_ONCE: NextStep = { kind: 'retry', delaySeconds: 0 };
const RELEASE: NextStep = { kind: 'release' };
const STATUS = { success: 0, fail: 2 } as const;

/** What a delivery has been through, as the model knows it. */
type Known = { status: number; sent: number; crashes: number; lease: string | null; endpoint: string; message: string };
type Held = { readonly delivery: ClaimedDelivery; readonly worker: number };

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('accept' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('claim' as const), worker: fc.nat(WORKERS - 1), capacity: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      pick: fc.nat(1_000),
      next: fc.constantFrom<NextStep>(SUCCESS, SUCCESS, AT_ONCE, AT_ONCE, FAIL, RELEASE),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), worker: fc.nat(WORKERS - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lapse' as const), pick: fc.nat(1_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), worker: fc.nat(WORKERS - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resend' as const), pick: fc.nat(1_000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Any sequence of what may happen to deliveries, against a model of a few lines: two endpoints, one of which wants an order. */
describe('The states of a delivery', () => {
  let test: TestStore;
  beforeAll(async () => (test = await openTestStore()));
  afterAll(() => test.close());

  it('are those of the model, whatever happens in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const world = await World.create(test);
        for (const next of steps) {
          await world.take(next);
          await world.check();
        }
        await world.finish();
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

class World {
  private readonly known = new Map<string, Known>();
  /** All claims ever given out and not spoken of yet, those of the dead included. */
  private held: Held[] = [];
  private attempts = 0;

  private constructor(
    private readonly test: TestStore,
    private readonly given: ReturnType<typeof deliveryFixture>,
    private readonly app: string,
    private readonly endpoints: readonly string[],
    private readonly workers: SqlDeliveryStore[],
  ) {}

  static async create(test: TestStore): Promise<World> {
    for (const table of ['pending_delivery', 'settled_delivery', 'delivery_lane', 'message_outbox', 'worker', 'attempt'])
      await test.sql.run(`DELETE FROM ${table}`);
    await test.sql.run('UPDATE endpoint SET deleted_at = now()');
    const given = deliveryFixture(test, ORGANIZATION);
    const app = await given.application();
    const endpoints = [
      await given.endpoint(app, { max_in_flight: CAP, retry_schedule: [0] }),
      await given.endpoint(app, { ordering: 'fifo', retry_schedule: [0] }),
    ];
    const workers: SqlDeliveryStore[] = [];
    for (let n = 0; n < WORKERS; n++) workers.push(await given.worker());
    return new World(test, given, app, endpoints, workers);
  }

  take(next: Step): Promise<void> {
    switch (next.kind) {
      case 'accept':
        return this.accept(next.count);
      case 'claim':
        return this.claim(next.worker, next.capacity);
      case 'record':
        return this.record(next.pick, next.next);
      case 'crash':
        return this.crash(next.worker);
      case 'lapse':
        return this.lapse(next.pick);
      case 'leave':
        return this.leave(next.worker);
      case 'resend':
        return this.resend(next.pick);
    }
  }

  /** The tables say what the model says, no more under way than may be, and as many attempts as requests. */
  async check(): Promise<void> {
    const rows = await this.test.sql.run<{ key: string; status: number; attempt_count: number }>(
      `SELECT message_id || ' ' || endpoint_id AS key, status, attempt_count FROM delivery ORDER BY 1`,
    );
    expect(rows).toEqual(
      [...this.known].map(([key, { status, sent }]) => ({ key, status, attempt_count: sent })).sort((a, b) => (a.key < b.key ? -1 : 1)),
    );
    const underWay = (endpoint: string | undefined) =>
      [...this.known.values()].filter((one) => one.endpoint === endpoint && one.status === 3).length;
    expect(underWay(this.endpoints[0])).toBeLessThanOrEqual(CAP);
    expect(underWay(this.endpoints[1])).toBeLessThanOrEqual(1);
    expect(await this.test.sql.run('SELECT count(*)::int AS attempts FROM attempt')).toEqual([{ attempts: this.attempts }]);
  }

  /** From wherever it is, everything gets to an end, and the model agrees on which. */
  async finish(): Promise<void> {
    for (let round = 0; [...this.known.values()].some(({ status }) => status === 1 || status === 3); round++) {
      expect(round).toBeLessThan(200);
      await this.claim(0, 10);
      const [own] = this.held.map((held, n) => [held, n] as const).filter(([{ delivery }]) => this.of(delivery).lease === delivery.lease);
      if (own) await this.record(own[1], SUCCESS);
      else await this.later();
    }
    await this.check();
  }

  private async accept(count: number): Promise<void> {
    const messages = await this.given.messages(this.app, count);
    await this.workers[0]!.fanOut(100);
    for (const message of messages)
      for (const endpoint of this.endpoints)
        this.known.set(`${message} ${endpoint}`, { status: 1, sent: 0, crashes: 0, lease: null, endpoint, message });
  }

  private async claim(worker: number, capacity: number): Promise<void> {
    const { deliveries } = await this.workers[worker]!.claim({ deliveries: capacity, bytes: 1_000_000 });
    expect(deliveries.length).toBeLessThanOrEqual(capacity);
    for (const delivery of deliveries) {
      const one = this.of(delivery);
      expect(one.status).toBe(1);
      expect(delivery.attemptsBefore).toBe(one.sent);
      Object.assign(one, { status: 3, lease: delivery.lease });
      this.held.push({ delivery, worker });
    }
  }

  /** The word of the owner counts; that of anybody else is kept as an attempt. */
  private async record(pick: number, next: NextStep): Promise<void> {
    const [held] = this.held.splice(pick % Math.max(1, this.held.length), 1);
    if (!held) return;
    const { delivery, worker } = held;
    const result = next.kind === 'release' ? { delivery, attempt: null, next } : resultOf(delivery, next);
    await this.workers[worker]!.record(result);
    const sent = next.kind === 'release' ? 0 : 1;
    this.attempts += sent;
    const one = this.of(delivery);
    if (one.lease !== delivery.lease) return;
    one.sent += sent;
    one.lease = null;
    one.status = next.kind === 'settle' ? STATUS[next.status as 'success' | 'fail'] : 1;
    await this.later();
  }

  private async crash(worker: number): Promise<void> {
    await this.test.sql.run('DELETE FROM worker WHERE id = ANY ($1::uuid[])', [await this.idsOf(worker)]);
    await this.workers[(worker + 1) % WORKERS]!.sweep();
    for (const one of this.ownedBy(worker)) {
      one.crashes++;
      one.lease = null;
      one.status = one.crashes >= 3 ? STATUS.fail : 1;
    }
    await this.workers[worker]!.beat();
  }

  /** The lease of one ran out though its worker lives: nobody's fault. */
  private async lapse(pick: number): Promise<void> {
    const owned = [...this.known.values()].filter(({ status }) => status === 3);
    const one = owned[pick % Math.max(1, owned.length)];
    if (!one) return;
    const ends = `UPDATE pending_delivery SET lease_until = now() - interval '1 s' WHERE message_id = $1 AND endpoint_id = $2`;
    await this.test.sql.run(ends, [one.message, one.endpoint]);
    await this.workers[0]!.sweep();
    Object.assign(one, { status: 1, lease: null });
  }

  private async leave(worker: number): Promise<void> {
    await this.workers[worker]!.leave();
    for (const one of this.ownedBy(worker)) Object.assign(one, { status: 1, lease: null });
    await this.workers[worker]!.beat();
  }

  /** What is under way stays so; what is pending is due anyway; what was settled begins anew. */
  private async resend(pick: number): Promise<void> {
    const all = [...this.known.values()];
    const one = all[pick % Math.max(1, all.length)];
    if (!one) return;
    await this.given.resend(this.app, [one.message], one.endpoint);
    if (one.status === STATUS.success || one.status === STATUS.fail) Object.assign(one, { status: 1, sent: 0, crashes: 0 });
  }

  /** Breakers and full lanes wait for seconds; here none passes. */
  private async later(): Promise<void> {
    await this.test.sql.run(
      `UPDATE delivery_lane SET due_at = now(), open_until = CASE WHEN open_until IS NOT NULL THEN now() END WHERE due_at < 'infinity'`,
    );
  }

  private ownedBy(worker: number): Known[] {
    return this.held
      .filter((held) => held.worker === worker && this.of(held.delivery).lease === held.delivery.lease)
      .map(({ delivery }) => this.of(delivery));
  }

  private async idsOf(worker: number): Promise<string[]> {
    const leases = this.ownedBy(worker).map(({ lease }) => lease);
    const rows = await this.test.sql.run<{ worker_id: string }>(
      'SELECT DISTINCT worker_id FROM pending_delivery WHERE lease = ANY ($1::uuid[])',
      [leases],
    );
    return rows.map(({ worker_id }) => worker_id);
  }

  private of({ messageId, endpointId }: ClaimedDelivery): Known {
    const one = this.known.get(`${messageId} ${endpointId}`);
    if (!one) throw new Error('Nobody planned it.');
    return one;
  }
}
