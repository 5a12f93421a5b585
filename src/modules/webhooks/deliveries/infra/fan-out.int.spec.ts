import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { newId } from '../../../../platform/ids/id';
import { deliveryFixture, resultOf, RETRY, SUCCESS } from '../testing/delivery-fixture';

const ORGANIZATION = newId('org');
/** Of one application. */
const MOST_ENDPOINTS = 10_000;
const ROOM = { deliveries: 100, bytes: 1_000_000 };

describe('SqlDeliveryStore, while it plans', () => {
  let test: TestStore;
  let sql: TestStore['sql'];
  let given: ReturnType<typeof deliveryFixture>;

  beforeEach(async () => {
    test = await openTestStore();
    ({ sql } = test);
    given = deliveryFixture(test, ORGANIZATION);
  });
  afterEach(() => test.close());

  const lanes = () =>
    sql.run<{ due: boolean; parked: boolean }>(`SELECT due_at <= now() AS due, due_at = 'infinity' AS parked FROM delivery_lane`);

  it('leases what nothing stands in the way of, ready to be sent, and leaves its lane alone', async () => {
    const app = await given.application();
    await given.endpoint(app);
    const [first] = await given.messages(app, 1);
    const [a, b] = [await given.worker(), await given.worker()];
    const { messages, waiting, deliveries } = await a.fanOut(10, ROOM);
    expect({ messages, waiting }).toEqual({ messages: 1, waiting: 0 });
    expect(deliveries).toMatchObject([
      { messageId: first, attemptsBefore: 0, receiver: { url: 'http://127.0.0.1:9/', keys: ['whsec_x'] } },
    ]);
    expect(deliveries[0]?.payload?.toString()).toBe(`{"id":"${first}"}`);
    expect(await lanes()).toEqual([{ due: false, parked: true }]);
    expect((await b.claim(ROOM)).deliveries).toEqual([]);

    const version = () => sql.run('SELECT xmin FROM delivery_lane');
    const before = await version();
    await a.record(resultOf(deliveries[0]!, SUCCESS));
    await given.messages(app, 1);
    await a.record(resultOf((await a.fanOut(10, ROOM)).deliveries[0]!, SUCCESS));
    expect(await version()).toEqual(before);
    expect(await sql.run('SELECT 1 FROM settled_delivery WHERE status = 0')).toHaveLength(2);
  });

  it('tries again what failed, at its time', async () => {
    const app = await given.application();
    await given.endpoint(app);
    await given.messages(app, 1);
    const store = await given.worker();
    const { deliveries } = await store.fanOut(10, ROOM);
    await store.record(resultOf(deliveries[0]!, { kind: 'retry', delaySeconds: 0 }));
    expect((await store.claim(ROOM)).deliveries).toMatchObject([{ attemptsBefore: 1 }]);
  });

  it('frees what a worker leased that died before it sent', async () => {
    const app = await given.application();
    await given.endpoint(app);
    await given.messages(app, 2);
    const [dead, heir] = [await given.worker(), await given.worker()];
    expect((await dead.fanOut(10, ROOM)).deliveries).toHaveLength(2);
    await sql.run(`UPDATE worker SET heartbeat_at = now() - interval '1 min'`);
    await heir.beat();
    expect(await heir.sweep()).toMatchObject({ deliveriesDue: true });
    expect((await heir.claim(ROOM)).deliveries).toHaveLength(2);
  });

  it.each([
    ['of the worker', { deliveries: 3, bytes: 1_000_000 }, {}],
    ['of its memory', { deliveries: 100, bytes: 1_001 }, {}],
    ['of the endpoint', ROOM, { DELIVERY_ENDPOINT_MAX_IN_FLIGHT: '3' }],
    ['of the organization', ROOM, { DELIVERY_ORGANIZATION_MAX_IN_FLIGHT: '3' }],
  ])('leaves what goes beyond the limit %s to the claims, in its order', async (_, room, limits) => {
    const app = await given.application();
    await given.endpoint(app);
    const messages = await given.messages(app, 8, 500);
    const store = await given.worker(limits);
    const { deliveries, waiting } = await store.fanOut(10, room);
    expect(deliveries.map(({ messageId }) => messageId)).toEqual(messages.slice(0, 3));
    expect(waiting).toBe(5);
    expect(await lanes()).toEqual([{ due: true, parked: false }]);
    // And nothing new goes before what is due.
    await given.messages(app, 1);
    expect((await store.fanOut(10, ROOM)).deliveries).toEqual([]);
  });

  it.each([
    ['an endpoint that wants an order', { ordering: 'fifo' }, null],
    ['an endpoint with a rate', { throttle_rate: 5 }, null],
    ['an application with a rate', {}, 5],
  ])('leaves %s to the claims', async (_, settings, rate) => {
    const app = await given.application(rate);
    await given.endpoint(app, settings);
    await given.messages(app, 2);
    const store = await given.worker();
    expect(await store.fanOut(10, ROOM)).toMatchObject({ deliveries: [], waiting: 2 });
    expect((await store.claim(ROOM)).deliveries).toHaveLength(1);
  });

  it('sends nothing to an endpoint whose circuit is open, or for an organization that is closed', async () => {
    const app = await given.application();
    await given.endpoint(app);
    await given.messages(app, 10);
    const store = await given.worker();
    for (const delivery of (await store.fanOut(10, ROOM)).deliveries) await store.record(resultOf(delivery, RETRY, 'http_5xx'));
    await given.messages(app, 1);
    expect(await store.fanOut(10, ROOM)).toMatchObject({ deliveries: [], waiting: 1 });
    expect((await store.claim(ROOM)).deliveries).toEqual([]);

    const other = newId('org');
    const closed = deliveryFixture(test, other);
    const second = await closed.application();
    await closed.endpoint(second);
    await closed.messages(second, 1);
    await store.setClosed(other, true, new Date());
    expect(await store.fanOut(10, ROOM)).toMatchObject({ deliveries: [], waiting: 1 });
    expect((await store.claim(ROOM)).deliveries).toMatchObject([{ receiver: 'closed' }]);
  });

  it('plans a message for as many endpoints as there may be within the time of a statement, and few such messages at a time', async () => {
    const app = await given.application();
    const endpoint = await given.endpoint(app);
    await given.copiesOf(endpoint, MOST_ENDPOINTS - 1);
    const messages = await given.messages(app, 2);
    const store = await given.worker();
    const room = { deliveries: 1, bytes: 1_000_000 };
    const leased = (messageId: string | undefined) => ({ deliveries: [{ messageId, endpointId: endpoint }], waiting: MOST_ENDPOINTS - 1 });
    expect(await store.fanOut(250, room)).toMatchObject({ messages: 1, more: true, ...leased(messages[0]) });
    expect(await store.fanOut(250, room)).toMatchObject({ messages: 1, more: false, ...leased(messages[1]) });

    await sql.run('UPDATE endpoint SET deleted_at = now() WHERE id > $1', [endpoint]);
    await given.messages(app, 2);
    expect(await store.fanOut(250, room)).toMatchObject({ messages: 2, more: false, waiting: 1 });
  });

  it('keeps to all limits while others plan, claim and record', async () => {
    const limits = { DELIVERY_ENDPOINT_MAX_IN_FLIGHT: '4', DELIVERY_ORGANIZATION_MAX_IN_FLIGHT: '9' };
    const app = await given.application();
    for (let n = 0; n < 3; n++) await given.endpoint(app);
    await given.messages(app, 60);
    const workers = [await given.worker(limits), await given.worker(limits), await given.worker(limits)] as const;
    const most = { endpoint: 0, organization: 0 };
    let seen = 0;
    const look = async () => {
      const counts = await sql.run<{ count: number }>('SELECT count(*)::int FROM pending_delivery WHERE status = 3 GROUP BY endpoint_id');
      most.endpoint = Math.max(most.endpoint, ...counts.map(({ count }) => count));
      most.organization = Math.max(
        most.organization,
        counts.reduce((sum, { count }) => sum + count, 0),
      );
    };
    const work = async (store: (typeof workers)[number]) => {
      while (seen < 180) {
        const leased = [...(await store.fanOut(7, ROOM)).deliveries, ...(await store.claim(ROOM)).deliveries];
        await look();
        seen += leased.length;
        await Promise.all(leased.map((delivery) => store.record(resultOf(delivery, SUCCESS))));
      }
    };
    await Promise.all(workers.map(work));
    expect(seen).toBe(180);
    expect(most.endpoint).toBeLessThanOrEqual(4);
    expect(most.organization).toBeLessThanOrEqual(9);
    expect(await sql.run('SELECT 1 FROM settled_delivery WHERE status = 0')).toHaveLength(180);
  });
});
