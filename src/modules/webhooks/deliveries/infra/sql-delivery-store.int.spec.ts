import { loadConfig } from '../../../../config/env';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { newId } from '../../../../platform/ids/id';
import { SystemClock } from '../../../../platform/time/clock';
import { testEnvironment } from '../../../../../test/support/environment';
import { openTestStore, type TestStore } from '../../../../../test/support/store';
import type { DeliveryResult } from '../domain/attempt';
import { NO_TRACE } from '../domain/attempt-details';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import type { NextStep } from '../domain/next-step';
import { Receivers } from './receivers';
import { SqlDeliveryStore } from './sql-delivery-store';

const CAP = 4;
const ORGANIZATION = newId('org');

describe('SqlDeliveryStore', () => {
  let test: TestStore;
  let sql: TestStore['sql'];
  let cipher: TestStore['cipher'];

  beforeEach(async () => {
    test = await openTestStore();
    ({ sql, cipher } = test);
  });
  afterEach(() => test.close());

  /** A worker of its own, alive. */
  async function worker(): Promise<SqlDeliveryStore> {
    const config = loadConfig(testEnvironment({ DATABASE_URL: 'postgres://unused', DELIVERY_ENDPOINT_MAX_IN_FLIGHT: String(CAP) }));
    const store = new SqlDeliveryStore(sql, cipher, new Receivers(sql, cipher, new SystemClock()), config);
    await store.beat();
    return store;
  }

  const seal = (table: string, column: string, id: string, value: unknown) =>
    cipher.sealJson(ORGANIZATION, columnContext(table, column, id), value);

  async function application(): Promise<string> {
    const id = newId('app');
    await sql.run(
      `INSERT INTO application (id, organization_id, name, metadata, version, created_at, updated_at) VALUES ($1, $2, $3, $4, 1, now(), now())`,
      [id, ORGANIZATION, await seal('application', 'name', id, 'Acme'), await seal('application', 'metadata', id, {})],
    );
    return id;
  }

  async function endpoint(app: string): Promise<string> {
    const id = newId('ep');
    const columns = {
      url: 'http://127.0.0.1:9/',
      description: '',
      metadata: {},
      secrets: [{ key: 'whsec_x', expiresAt: null }],
      headers: {},
    };
    const sealed = await Promise.all(Object.entries(columns).map(([column, value]) => seal('endpoint', column, id, value)));
    await sql.run(
      `INSERT INTO endpoint (id, organization_id, application_id, url, description, metadata, secrets, headers, disabled, version, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, false, 1, now(), now())`,
      [id, ORGANIZATION, app, ...sealed],
    );
    return id;
  }

  async function messages(app: string, count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId('msg'));
    for (const id of ids) {
      const payload = await cipher.seal(ORGANIZATION, columnContext('message', 'payload', id), Buffer.from(`{"id":"${id}"}`));
      const values = [id, ORGANIZATION, app];
      await sql.run(
        `INSERT INTO message (id, organization_id, application_id, event_type, payload, created_at) VALUES ($1, $2, $3, 'a', $4, now())`,
        [...values, payload],
      );
      await sql.run(
        `INSERT INTO message_outbox (message_id, organization_id, application_id, event_type, accepted_at) VALUES ($1, $2, $3, 'a', now())`,
        values,
      );
    }
    return ids;
  }

  const result = (delivery: ClaimedDelivery, next: NextStep): DeliveryResult => ({
    delivery,
    next,
    attempt: {
      id: newId('atmpt'),
      succeeded: next.kind === 'settle' && next.status === 'success',
      reason: 'ok',
      url: 'http://127.0.0.1:9/',
      responseStatusCode: 200,
      responseDurationMs: 1,
      response: Buffer.from([0, 255]),
      attemptedAt: new Date(),
      details: { requestHeaders: {}, ...NO_TRACE },
    },
  });
  const SUCCESS: NextStep = { kind: 'settle', status: 'success', reason: 'ok' };

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
      const claimed = await store.claim(3);
      await store.setClosed(ORGANIZATION, true, EARLIER);
      expect([await store.cancelWaiting(ORGANIZATION, 4), await store.cancelWaiting(ORGANIZATION, 4)]).toEqual([4, 3]);
      expect(await store.cancelWaiting(ORGANIZATION, 4)).toBe(0);
      for (const delivery of claimed) await store.record(result(delivery, { kind: 'retry', delaySeconds: 0 }));
      expect((await store.claim(100)).map(({ receiver }) => receiver)).toEqual(['closed', 'closed', 'closed']);
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
        b.claim(100),
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
      expect(await store.claim(10)).toMatchObject([{ receiver: { url: 'http://127.0.0.1:9/' } }]);
    });
  });

  it('plans each message once, though several workers plan at once', async () => {
    const app = await application();
    await Promise.all([endpoint(app), endpoint(app)]);
    await messages(app, 50);
    const [a, b] = [await worker(), await worker()];
    const counts = await Promise.all([a.fanOut(20), b.fanOut(20), a.fanOut(20), b.fanOut(20)]);
    expect(counts.reduce((sum, { messages: n }) => sum + n, 0)).toBe(50);
    expect(counts.reduce((sum, { deliveries: n }) => sum + n, 0)).toBe(100);
    expect(await a.fanOut(20)).toEqual({ messages: 0, deliveries: 0 });
  });

  it('gives a delivery to one of many workers, with the bytes and the receiver', async () => {
    const app = await application();
    const ids = [await endpoint(app), await endpoint(app), await endpoint(app)];
    await messages(app, 2);
    const workers = await Promise.all([worker(), worker(), worker()]);
    await workers[0].fanOut(100);
    const claimed = (await Promise.all(workers.map((store) => store.claim(100)))).flat();
    expect(claimed.map(({ messageId, endpointId }) => `${messageId} ${endpointId}`).sort()).toHaveLength(
      new Set(claimed.map(({ lease }) => lease)).size,
    );
    expect(claimed).toHaveLength(2 * ids.length);
    for (const { messageId, payload, receiver } of claimed) {
      expect(payload?.toString()).toBe(`{"id":"${messageId}"}`);
      expect(receiver).toEqual({ url: 'http://127.0.0.1:9/', headers: {}, keys: ['whsec_x'] });
    }
  });

  it('keeps the cap of an endpoint across workers, and goes on when a result makes room', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 10);
    const [a, b] = [await worker(), await worker()];
    await a.fanOut(100);
    const first = await a.claim(100);
    expect(first).toHaveLength(CAP);
    expect(await b.claim(100)).toEqual([]);
    const [done] = first;
    expect(await a.record(result(done!, SUCCESS))).toEqual({ laneDue: true });
    expect(await b.claim(100)).toHaveLength(1);
  });

  it('serves every endpoint though one has a backlog', async () => {
    const [busy, quiet] = [await application(), await application()];
    const [busyEndpoint, quietEndpoint] = [await endpoint(busy), await endpoint(quiet)];
    await messages(busy, 40);
    await messages(quiet, 1);
    const store = await worker();
    await store.fanOut(100);
    const claimed = await store.claim(2 * CAP);
    expect(claimed.filter(({ endpointId }) => endpointId === busyEndpoint)).toHaveLength(CAP);
    expect(claimed.filter(({ endpointId }) => endpointId === quietEndpoint)).toHaveLength(1);
  });

  it('puts a delivery back for its time, and not before', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 1);
    const store = await worker();
    await store.fanOut(1);
    const [first] = await store.claim(1);
    await store.record(result(first!, { kind: 'retry', delaySeconds: 3_600 }));
    expect(await store.claim(1)).toEqual([]);
    await sql.run(`UPDATE pending_delivery SET next_at = now()`);
    await sql.run(`UPDATE delivery_lane SET due_at = now()`);
    expect(await store.claim(1)).toMatchObject([{ attemptsBefore: 1 }]);
  });

  it('gives released deliveries back at once and does not count them', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 1);
    const store = await worker();
    await store.fanOut(1);
    const [delivery] = await store.claim(1);
    await store.record({ delivery: delivery!, attempt: null, next: { kind: 'release' } });
    expect(await store.claim(1)).toMatchObject([{ attemptsBefore: 0 }]);
    expect(await attempts()).toBe(0);
  });

  it('frees what a silent worker held; its late word is kept as an attempt and changes nothing', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 1);
    const [zombie, heir] = [await worker(), await worker()];
    await zombie.fanOut(1);
    const [held] = await zombie.claim(1);
    expect(await heir.sweep()).toMatchObject({ deliveriesDue: false });
    await sql.run(`UPDATE worker SET heartbeat_at = now() - interval '1 min'`);
    await heir.beat();
    expect(await heir.sweep()).toMatchObject({ deliveriesDue: true });
    const [again] = await heir.claim(1);
    expect(again).toMatchObject({ messageId: held?.messageId, attemptsBefore: 0 });

    await zombie.record(result(held!, { kind: 'settle', status: 'fail', reason: 'http_5xx' }));
    expect(await deliveries()).toEqual([{ status: 3, reason: null }]);
    await heir.record(result(again!, SUCCESS));
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
      expect(await store.claim(1)).toHaveLength(1);
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
      expect(await store.claim(1)).toHaveLength(1);
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
    const [delivery] = await store.claim(1);
    const once = result(delivery!, SUCCESS);
    await store.record(once);
    await store.record(once);
    expect(await attempts()).toBe(1);
    expect(await deliveries()).toEqual([{ status: 0, reason: 'ok' }]);
  });

  describe('of the health of an endpoint', () => {
    const RETRY: NextStep = { kind: 'retry', delaySeconds: 3_600 };
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
      return { store, held: await store.claim(100) };
    }

    it('counts failures since the last success, and since when', async () => {
      const { store, held } = await claimed(4);
      await store.record(result(held[0]!, RETRY));
      const [{ failing_since: since } = {}] = await sql.run<{ failing_since: Date }>('SELECT failing_since FROM delivery_lane');
      await store.record(result(held[1]!, { kind: 'settle', status: 'fail', reason: 'http_5xx' }));
      expect(await health()).toEqual({ failures: 2, failing: true });
      expect(await sql.run('SELECT failing_since FROM delivery_lane')).toEqual([{ failing_since: since }]);
      await store.record(result(held[2]!, SUCCESS));
      expect(await health()).toEqual({ failures: 0, failing: false });
    });

    it('takes the results of one batch in their order', async () => {
      const { store, held } = await claimed(4);
      await Promise.all([RETRY, SUCCESS, RETRY].map((next, n) => store.record(result(held[n]!, next))));
      expect(await health()).toEqual({ failures: 1, failing: true });
    });

    it('counts no result twice, none of a lost lease, and nothing that was not sent', async () => {
      const { store, held } = await claimed(2);
      const once = result(held[0]!, RETRY);
      await store.record(once);
      await store.record(once);
      await store.record(result({ ...held[1]!, lease: held[0]!.lease }, RETRY));
      await store.record({ delivery: held[1]!, attempt: null, next: { kind: 'release' } });
      expect(await health()).toEqual({ failures: 1, failing: true });
    });

    it('writes nothing for an endpoint that is well', async () => {
      const { store, held } = await claimed(1);
      const version = () => sql.run('SELECT xmin FROM delivery_lane');
      const before = await version();
      await store.record(result(held[0]!, SUCCESS));
      expect(await version()).toEqual(before);
    });
  });

  it('leaves nothing behind at the end of a worker', async () => {
    const app = await application();
    await endpoint(app);
    await messages(app, 3);
    const [leaving, staying] = [await worker(), await worker()];
    await leaving.fanOut(10);
    expect(await leaving.claim(10)).toHaveLength(3);
    await leaving.leave();
    expect(await staying.claim(10)).toHaveLength(3);
    expect(await sql.run('SELECT 1 FROM pending_delivery WHERE crash_count > 0')).toEqual([]);
  });
});
