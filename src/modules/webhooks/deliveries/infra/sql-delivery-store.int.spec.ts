import { newId } from '../../../../platform/ids/id';
import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { deliveryFixture, resultOf, RETRY, SUCCESS } from '../testing/delivery-fixture';
import type { SqlDeliveryStore } from './sql-delivery-store';

const CAP = 4;
const ORGANIZATION = newId('org');

describe('SqlDeliveryStore', () => {
  let test: TestStore;
  let sql: TestStore['sql'];

  beforeEach(async () => {
    test = await openTestStore();
    ({ sql } = test);
  });
  afterEach(() => test.close());

  const worker = () => deliveryFixture(test, ORGANIZATION).worker({ DELIVERY_ENDPOINT_MAX_IN_FLIGHT: String(CAP) });
  const application = () => deliveryFixture(test, ORGANIZATION).application();
  const endpoint = (app: string) => deliveryFixture(test, ORGANIZATION).endpoint(app);
  const messages = (app: string, count: number) => deliveryFixture(test, ORGANIZATION).messages(app, count);

  const PLENTY = 1_000_000;
  const claim = async (store: SqlDeliveryStore, capacity: number, bytes = PLENTY) =>
    (await store.claim({ deliveries: capacity, bytes })).deliveries;

  const deliveries = () =>
    sql.run<{ status: number; reason: string | null }>('SELECT status, reason FROM delivery ORDER BY message_id, endpoint_id');
  const attempts = async () => (await sql.run('SELECT 1 FROM attempt')).length;

  describe('of an organization that is closed', () => {
    const [EARLIER, LATER] = [new Date('2026-12-01T10:00:00Z'), new Date('2026-12-01T11:00:00Z')];

    it('cancels what waits, and tells the sender of what was claimed before', async () => {
      const app = await application();
      await Promise.all([endpoint(app), endpoint(app)]);
      await messages(app, 5);
      const store = await worker();
      await store.fanOut(100);
      const claimed = await claim(store, 3);
      await store.setClosed(ORGANIZATION, true, EARLIER);
      expect([await store.cancelWaiting(ORGANIZATION, 4), await store.cancelWaiting(ORGANIZATION, 4)]).toEqual([4, 3]);
      expect(await store.cancelWaiting(ORGANIZATION, 4)).toBe(0);
      for (const delivery of claimed) await store.record(resultOf(delivery, { kind: 'retry', delaySeconds: 0 }));
      expect((await claim(store, 100)).map(({ receiver }) => receiver)).toEqual(['closed', 'closed', 'closed']);
      const settled = await sql.run("SELECT 1 FROM settled_delivery WHERE status = 4 AND reason = 'organization_closed'");
      expect(settled).toHaveLength(7);
    });

    it('never sends and cancels one delivery, whoever is first', async () => {
      const app = await application();
      await endpoint(app);
      await messages(app, 40);
      const [a, b] = [await worker(), await worker()];
      await a.fanOut(100);
      await a.setClosed(ORGANIZATION, true, EARLIER);
      const [claimed, ...canceled] = await Promise.all([
        claim(b, 100),
        ...Array.from({ length: 8 }, () => a.cancelWaiting(ORGANIZATION, 10)),
      ]);
      const rest = await a.cancelWaiting(ORGANIZATION, 100);
      expect(claimed.length + canceled.reduce((sum, count) => sum + count, 0) + rest).toBe(40);
      expect(await deliveries()).toHaveLength(40);
    });

    it('takes the later word for true, in whatever order it hears', async () => {
      const app = await application();
      await endpoint(app);
      await messages(app, 1);
      const store = await worker();
      await store.fanOut(100);
      await store.setClosed(ORGANIZATION, false, LATER);
      await store.setClosed(ORGANIZATION, true, EARLIER);
      expect(await store.cancelWaiting(ORGANIZATION, 10)).toBe(0);
      expect(await claim(store, 10)).toMatchObject([{ receiver: { url: 'http://127.0.0.1:9/' } }]);
    });
  });

  it('plans each message once, though several workers plan at once', async () => {
    const app = await application();
    await Promise.all([endpoint(app), endpoint(app)]);
    await messages(app, 50);
    const [a, b] = [await worker(), await worker()];
    const counts = await Promise.all([a.fanOut(20), b.fanOut(20), a.fanOut(20), b.fanOut(20)]);
    expect(counts.reduce((sum, { messages: n }) => sum + n, 0)).toBe(50);
    expect(counts.reduce((sum, { waiting }) => sum + waiting, 0)).toBe(100);
    expect(await a.fanOut(20)).toEqual({ messages: 0, more: false, deliveries: [], waiting: 0, toFilter: false });
  });

  it('leaves it to filters to decide, once, while the others are planned', async () => {
    const app = await application();
    const [filtered] = [await endpoint(app), await endpoint(app)];
    await sql.run(`UPDATE endpoint SET filter = '\\x00' WHERE id = $1`, [filtered]);
    const [first] = await messages(app, 2);
    await sql.run('UPDATE message_outbox SET endpoint_id = $2 WHERE message_id = $1', [first, filtered]);
    const [a, b] = [await worker(), await worker()];
    const counts = await Promise.all([a.fanOut(20), b.fanOut(20)]);
    // What is for one endpoint passes its filter.
    expect(counts.reduce((sum, { waiting }) => sum + waiting, 0)).toBe(2);
    expect(await sql.run('SELECT 1 FROM filter_candidate')).toHaveLength(1);
    expect(await a.fanOut(20)).toEqual({ messages: 0, more: false, deliveries: [], waiting: 0, toFilter: true });
    expect(await b.sweep()).toMatchObject({ messagesWaiting: true });
  });

  it('gives a delivery to one of many workers, with the bytes and the receiver', async () => {
    const app = await application();
    const ids = [await endpoint(app), await endpoint(app), await endpoint(app)];
    await messages(app, 2);
    const workers = await Promise.all([worker(), worker(), worker()]);
    await workers[0].fanOut(100);
    const claimed = (await Promise.all(workers.map((store) => claim(store, 100)))).flat();
    expect(claimed.map(({ messageId, endpointId }) => `${messageId} ${endpointId}`).sort()).toHaveLength(
      new Set(claimed.map(({ lease }) => lease)).size,
    );
    expect(claimed).toHaveLength(2 * ids.length);
    for (const { messageId, payload, receiver } of claimed) {
      expect(payload?.toString()).toBe(`{"id":"${messageId}"}`);
      const settings = { timeoutMs: null, retrySchedule: null, transformation: null };
      expect(receiver).toEqual({ url: 'http://127.0.0.1:9/', headers: {}, keys: ['whsec_x'], ...settings });
    }
  });

  it('keeps the cap of an endpoint across workers, and goes on when a result makes room', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 10);
    const [a, b] = [await worker(), await worker()];
    await a.fanOut(100);
    const first = await claim(a, 100);
    expect(first).toHaveLength(CAP);
    expect(await claim(b, 100)).toEqual([]);
    const [done] = first;
    expect(await a.record(resultOf(done!, SUCCESS))).toEqual({ laneDue: true });
    expect(await claim(b, 100)).toHaveLength(1);
  });

  it('serves every endpoint though one has a backlog', async () => {
    const [busy, quiet] = [await application(), await application()];
    const [busyEndpoint, quietEndpoint] = [await endpoint(busy), await endpoint(quiet)];
    await messages(busy, 40);
    await messages(quiet, 1);
    const store = await worker();
    await store.fanOut(100);
    const claimed = await claim(store, 2 * CAP);
    expect(claimed.filter(({ endpointId }) => endpointId === busyEndpoint)).toHaveLength(CAP);
    expect(claimed.filter(({ endpointId }) => endpointId === quietEndpoint)).toHaveLength(1);
  });

  it('puts a delivery back for its time, and not before', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 1);
    const store = await worker();
    await store.fanOut(1);
    const [first] = await claim(store, 1);
    await store.record(resultOf(first!, { kind: 'retry', delaySeconds: 3_600 }));
    expect(await claim(store, 1)).toEqual([]);
    await sql.run(`UPDATE pending_delivery SET next_at = now()`);
    await sql.run(`UPDATE delivery_lane SET due_at = now()`);
    expect(await claim(store, 1)).toMatchObject([{ attemptsBefore: 1 }]);
  });

  it('gives released deliveries back at once and does not count them', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 1);
    const store = await worker();
    await store.fanOut(1);
    const [delivery] = await claim(store, 1);
    await store.record({ delivery: delivery!, attempt: null, next: { kind: 'release' } });
    expect(await claim(store, 1)).toMatchObject([{ attemptsBefore: 0 }]);
    expect(await attempts()).toBe(0);
  });

  it('frees what a silent worker held; its late word is kept as an attempt and changes nothing', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 1);
    const [zombie, heir] = [await worker(), await worker()];
    await zombie.fanOut(1);
    const [held] = await claim(zombie, 1);
    expect(await heir.sweep()).toMatchObject({ deliveriesDue: false });
    await sql.run(`UPDATE worker SET heartbeat_at = now() - interval '1 min'`);
    await heir.beat();
    expect(await heir.sweep()).toMatchObject({ deliveriesDue: true });
    const [again] = await claim(heir, 1);
    expect(again).toMatchObject({ messageId: held?.messageId, attemptsBefore: 0 });

    await zombie.record(resultOf(held!, { kind: 'settle', status: 'fail', reason: 'http_5xx' }));
    expect(await deliveries()).toEqual([{ status: 3, reason: null }]);
    await heir.record(resultOf(again!, SUCCESS));
    expect(await deliveries()).toEqual([{ status: 0, reason: 'ok' }]);
    expect(await attempts()).toBe(2);
  });

  it('takes a delivery that was in flight in three crashes for their cause', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 1);
    const store = await worker();
    await store.fanOut(1);
    for (let crash = 1; crash <= 3; crash++) {
      expect(await claim(store, 1)).toHaveLength(1);
      await sql.run(`UPDATE worker SET heartbeat_at = now() - interval '1 min'`);
      await store.sweep();
    }
    expect(await deliveries()).toEqual([{ status: 2, reason: 'worker_crash' }]);
  });

  it('does not blame a delivery for a lease that lapsed while its worker lives', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 1);
    const store = await worker();
    await store.fanOut(1);
    for (let round = 1; round <= 4; round++) {
      expect(await claim(store, 1)).toHaveLength(1);
      await sql.run(`UPDATE pending_delivery SET lease_until = now() - interval '1 s'`);
      await store.sweep();
    }
    expect(await deliveries()).toEqual([{ status: 1, reason: null }]);
  });

  it('writes a result once, though it is handed in again because the answer was lost', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 1);
    const store = await worker();
    await store.fanOut(1);
    const [delivery] = await claim(store, 1);
    const once = resultOf(delivery!, SUCCESS);
    await store.record(once);
    await store.record(once);
    expect(await attempts()).toBe(1);
    expect(await deliveries()).toEqual([{ status: 0, reason: 'ok' }]);
  });

  describe('of the health of an endpoint', () => {
    const health = async () => {
      const [lane] = await sql.run<{ failures: number; failing_since: Date | null }>('SELECT failures, failing_since FROM delivery_lane');
      return { failures: lane?.failures, failing: lane?.failing_since !== null };
    };
    async function claimed(count: number) {
      const app = await application();
      await endpoint(app);
      await messages(app, count);
      const store = await worker();
      await store.fanOut(100);
      return { store, held: await claim(store, 100) };
    }

    it('counts failures since the last success, and since when', async () => {
      const { store, held } = await claimed(4);
      await store.record(resultOf(held[0]!, RETRY));
      const [{ failing_since: since } = {}] = await sql.run<{ failing_since: Date }>('SELECT failing_since FROM delivery_lane');
      await store.record(resultOf(held[1]!, { kind: 'settle', status: 'fail', reason: 'http_5xx' }));
      expect(await health()).toEqual({ failures: 2, failing: true });
      expect(await sql.run('SELECT failing_since FROM delivery_lane')).toEqual([{ failing_since: since }]);
      await store.record(resultOf(held[2]!, SUCCESS));
      expect(await health()).toEqual({ failures: 0, failing: false });
    });

    it('takes the results of one batch in their order', async () => {
      const { store, held } = await claimed(4);
      await Promise.all([RETRY, SUCCESS, RETRY].map((next, n) => store.record(resultOf(held[n]!, next))));
      expect(await health()).toEqual({ failures: 1, failing: true });
    });

    it('counts no result twice, none of a lost lease, and nothing that was not sent', async () => {
      const { store, held } = await claimed(2);
      const once = resultOf(held[0]!, RETRY);
      await store.record(once);
      await store.record(once);
      await store.record(resultOf({ ...held[1]!, lease: held[0]!.lease }, RETRY));
      await store.record({ delivery: held[1]!, attempt: null, next: { kind: 'release' } });
      expect(await health()).toEqual({ failures: 1, failing: true });
    });

    it('writes nothing for an endpoint that is well', async () => {
      const { store, held } = await claimed(1);
      const version = () => sql.run('SELECT xmin FROM delivery_lane');
      const before = await version();
      await store.record(resultOf(held[0]!, SUCCESS));
      expect(await version()).toEqual(before);
    });
  });

  it('leaves nothing behind at the end of a worker', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 3);
    const [leaving, staying] = [await worker(), await worker()];
    await leaving.fanOut(10);
    expect(await claim(leaving, 10)).toHaveLength(3);
    await leaving.leave();
    expect(await claim(staying, 10)).toHaveLength(3);
    expect(await sql.run('SELECT 1 FROM pending_delivery WHERE crash_count > 0')).toEqual([]);
  });
});
