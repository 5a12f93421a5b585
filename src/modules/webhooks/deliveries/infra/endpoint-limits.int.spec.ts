import { newId } from '../../../../platform/ids/id';
import { eventually } from '../../../../../test/support/eventually';
import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { deliveryFixture, resultOf, RETRY, SUCCESS } from '../testing/delivery-fixture';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import type { NextStep } from '../domain/next-step';
import type { SqlDeliveryStore } from './sql-delivery-store';

const ORGANIZATION = newId('org');
const PLENTY = 1_000_000;
const AT_ONCE: NextStep = { kind: 'retry', delaySeconds: 0 };

describe('SqlDeliveryStore keeps to what an endpoint allows', () => {
  let test: TestStore;
  let sql: TestStore['sql'];
  let given: ReturnType<typeof deliveryFixture>;

  beforeEach(async () => {
    test = await openTestStore();
    ({ sql } = test);
    given = deliveryFixture(test, ORGANIZATION);
  });
  afterEach(() => test.close());

  const claim = async (store: SqlDeliveryStore, capacity = 100, bytes = PLENTY) =>
    (await store.claim({ deliveries: capacity, bytes })).deliveries;
  const idsOf = (deliveries: readonly ClaimedDelivery[]) => deliveries.map(({ messageId }) => messageId);
  const fail =
    (reason = 'http_5xx', delaySeconds = 0) =>
    (delivery: ClaimedDelivery) =>
      resultOf(delivery, { kind: 'retry', delaySeconds }, reason);
  const toTheFuture = (seconds: number) =>
    sql.run(
      `WITH lane AS (UPDATE delivery_lane SET due_at = due_at - $1 * interval '1 s', open_until = open_until - $1 * interval '1 s',
                                             slot_at = slot_at - $1 * interval '1 s', share_until = share_until - $1 * interval '1 s')
       UPDATE pending_delivery SET next_at = next_at - $1 * interval '1 s' WHERE status = 1`,
      [seconds],
    );
  /** Planned, with two workers to claim. */
  async function planned(settings: Readonly<Record<string, unknown>>, count: number, environment = {}) {
    const app = await given.application();
    const endpoint = await given.endpoint(app, settings);
    const messages = await given.messages(app, count);
    const [a, b] = [await given.worker(environment), await given.worker(environment)];
    await a.fanOut(1_000);
    return { app, endpoint, messages, a, b };
  }

  it('gives an endpoint with a cap of its own no more than that, in all workers', async () => {
    const { a, b } = await planned({ max_in_flight: 3 }, 10, { DELIVERY_ENDPOINT_MAX_IN_FLIGHT: '5' });
    const held = (await Promise.all([claim(a), claim(b)])).flat();
    expect(held).toHaveLength(3);
    await a.record(resultOf(held[0]!, SUCCESS));
    expect(await claim(b)).toHaveLength(1);
  });

  describe('in an order', () => {
    const FIFO = { ordering: 'fifo' };

    it('gives out one message after the other, whoever asks', async () => {
      const { messages, a, b } = await planned(FIFO, 6);
      const order: string[] = [];
      for (const n of messages.keys()) {
        const held = (await Promise.all([claim(a), claim(b)])).flat();
        expect(held).toHaveLength(1);
        order.push(held[0]!.messageId);
        await (n % 2 ? a : b).record(resultOf(held[0]!, SUCCESS));
      }
      expect(order).toEqual(messages);
    });

    it('tries the head again before it lets the next one go, and lets it go when the head has failed', async () => {
      const { messages, a } = await planned(FIFO, 2);
      const [head] = await claim(a);
      await a.record(resultOf(head!, RETRY));
      expect(await claim(a)).toEqual([]);
      await toTheFuture(3_600);
      const [again] = await claim(a);
      expect(again).toMatchObject({ messageId: messages[0], attemptsBefore: 1 });
      await a.record(resultOf(again!, { kind: 'settle', status: 'fail', reason: 'http_5xx' }));
      expect(idsOf(await claim(a))).toEqual([messages[1]]);
    });

    it('keeps the place of what a dead worker held, and of what a worker gave back', async () => {
      const { messages, a, b } = await planned(FIFO, 3);
      await claim(a);
      await a.leave();
      const [head] = await claim(b);
      expect(head?.messageId).toBe(messages[0]);
      await b.record({ delivery: head!, attempt: null, next: { kind: 'release' } });
      expect(idsOf(await claim(a))).toEqual([messages[0]]);
    });

    it('does not plan a message before another that was there earlier, however many workers plan', async () => {
      const app = await given.application();
      await given.endpoint(app, FIFO);
      const messages = await given.messages(app, 60);
      const workers = [await given.worker(), await given.worker(), await given.worker()] as const;
      const seen: string[] = [];
      const sending = (async () => {
        while (seen.length < messages.length)
          for (const delivery of await claim(workers[0])) {
            seen.push(delivery.messageId);
            await workers[0].record(resultOf(delivery, SUCCESS));
          }
      })();
      await Promise.all(workers.flatMap((store) => Array.from({ length: 10 }, () => store.fanOut(7))));
      await sending;
      expect(seen).toEqual(messages);
    });

    it('goes by the order in which messages were accepted, whatever the clocks of the APIs said', async () => {
      const app = await given.application();
      await given.endpoint(app, FIFO);
      const ids = [newId('msg'), newId('msg')].reverse();
      for (const id of ids)
        await sql.run(
          `INSERT INTO message_outbox (message_id, organization_id, application_id, event_type, accepted_at) VALUES ($1, $2, $3, 'a', now())`,
          [id, ORGANIZATION, app],
        );
      const store = await given.worker();
      await store.fanOut(1);
      const [first] = await claim(store);
      await store.record(resultOf(first!, SUCCESS));
      await store.fanOut(10);
      expect([first?.messageId, ...idsOf(await claim(store))]).toEqual(ids);
    });

    it('puts what is sent again at the end of the line, and brings what stands in it forward in time only', async () => {
      const { messages, endpoint, app, a } = await planned(FIFO, 3);
      const [head] = await claim(a);
      await a.record(resultOf(head!, SUCCESS));
      await given.resend(app, [messages[0]!, messages[2]!], endpoint);
      const order: string[] = [];
      for (let n = 0; n < 3; n++) {
        const [next] = await claim(a);
        order.push(next!.messageId);
        await a.record(resultOf(next!, SUCCESS));
      }
      expect(order).toEqual([messages[1], messages[2], messages[0]]);
    });

    it('begins with what was planned before the endpoint wanted an order, and ends with what was planned after', async () => {
      const { messages, app, endpoint, a } = await planned({ max_in_flight: 10 }, 2);
      await sql.run(`UPDATE endpoint SET ordering = 'fifo' WHERE id = $1`, [endpoint]);
      const later = await given.messages(app, 2);
      await a.fanOut(10);
      const [first] = await claim(a);
      expect(await claim(a)).toEqual([]);
      await a.record(resultOf(first!, SUCCESS));
      const [second] = await claim(a);
      expect(idsOf([first!, second!])).toEqual(messages);
      await sql.run(`UPDATE endpoint SET ordering = 'none' WHERE id = $1`, [endpoint]);
      await a.record(resultOf(second!, SUCCESS));
      expect(idsOf(await claim(a)).sort()).toEqual(later);
    });
  });

  describe('per second', () => {
    const now = async () => Number((await sql.run<{ at: string }>('SELECT extract(epoch FROM clock_timestamp()) AS at'))[0]?.at);

    /** Everybody claims without a pause. @returns how many requests began, and in which time of the database */
    async function sentWithin(seconds: number, stores: readonly SqlDeliveryStore[]) {
      const begin = await now();
      let sent = 0;
      while ((await now()) < begin + seconds) {
        const held = (await Promise.all(stores.map((store) => claim(store)))).flat();
        sent += held.length;
        await Promise.all(held.map((delivery) => stores[0]?.record(resultOf(delivery, SUCCESS)) ?? Promise.resolve()));
      }
      return { sent, elapsed: (await now()) - begin };
    }

    it('begins at most as many requests as it wants, in all workers', async () => {
      const { a, b } = await planned({ throttle_rate: 20, max_in_flight: 50 }, 100);
      const { sent, elapsed } = await sentWithin(2, [a, b]);
      expect(sent).toBeGreaterThan(2);
      expect(sent).toBeLessThanOrEqual((elapsed + 0.1) * 20 + 1);
    });

    it('of all endpoints of an application together no more than that wants', async () => {
      const app = await given.application(10);
      for (let n = 0; n < 3; n++) await given.endpoint(app, { throttle_rate: 100 });
      await given.messages(app, 20);
      const [a, b] = [await given.worker(), await given.worker()];
      await a.fanOut(100);
      const { sent, elapsed } = await sentWithin(1, [a, b]);
      expect(sent).toBeGreaterThan(1);
      expect(sent).toBeLessThanOrEqual((elapsed + 0.1) * 10 + 1);
    });

    it('says when it wants the next one', async () => {
      const { a } = await planned({ throttle_rate: 4 }, 2);
      const { deliveries, againInMs } = await a.claim({ deliveries: 10, bytes: PLENTY });
      expect(deliveries).toHaveLength(1);
      expect(againInMs).toBeGreaterThan(0);
      expect(againInMs).toBeLessThanOrEqual(250);
    });
  });

  describe('while its circuit breaker is open', () => {
    const state = async () => {
      const [lane] = await sql.run<{ strikes: number; wait: number | null }>(
        'SELECT strikes, round(extract(epoch FROM open_until - now()))::int AS wait FROM delivery_lane',
      );
      return lane;
    };

    async function opened() {
      const all = await planned({ max_in_flight: 20 }, 40);
      const held = await claim(all.a);
      for (const delivery of held.slice(0, 10)) await all.a.record(fail()(delivery));
      return { ...all, underWay: held.slice(10) };
    }

    it('waits, with everything that is due, and then tries one', async () => {
      const { a, underWay } = await opened();
      expect(await state()).toEqual({ strikes: 10, wait: 30 });
      for (const delivery of underWay) await a.record(fail()(delivery));
      expect(await state()).toEqual({ strikes: 10, wait: 30 });
      expect(await claim(a)).toEqual([]);
      await toTheFuture(31);
      expect(await claim(a)).toHaveLength(1);
      expect(await claim(a)).toEqual([]);
      expect(await sql.run('SELECT 1 FROM pending_delivery WHERE attempt_count > 1')).toEqual([]);
      expect(await sql.run('SELECT 1 FROM pending_delivery')).toHaveLength(40);
    });

    it('waits longer after each probe that fails, and lets all go after one that succeeds', async () => {
      const { a, underWay } = await opened();
      for (const delivery of underWay) await a.record(fail()(delivery));
      for (const wait of [60, 120, 240, 300, 300]) {
        await toTheFuture(301);
        const [probe] = await claim(a);
        await a.record(fail()(probe!));
        expect((await state())?.wait).toBe(wait);
      }
      await toTheFuture(301);
      const [probe] = await claim(a);
      expect(await a.record(resultOf(probe!, SUCCESS))).toEqual({ laneDue: true });
      expect(await state()).toEqual({ strikes: 0, wait: null });
      expect(await claim(a)).toHaveLength(20);
    });

    it('goes on at once when something that was under way succeeds', async () => {
      const { a, underWay } = await opened();
      await a.record(resultOf(underWay[0]!, SUCCESS));
      expect(await claim(a)).not.toEqual([]);
    });

    it('counts a request without an answer double', async () => {
      const { a } = await planned({}, 10);
      const held = await claim(a);
      for (const delivery of held.slice(0, 4)) await a.record(fail('timeout_headers')(delivery));
      expect((await state())?.strikes).toBe(8);
      await a.record(fail('timeout_connect')(held[4]!));
      expect(await state()).toEqual({ strikes: 10, wait: 30 });
    });

    it('waits no longer than the schedule of the endpoint itself', async () => {
      const { a } = await planned({ retry_schedule: [1, 4] }, 10);
      for (const delivery of await claim(a)) await a.record(fail()(delivery));
      expect((await state())?.wait).toBe(4);
    });

    it('has no wait where there are no retries, and lets one after the other go', async () => {
      const { a } = await planned({ retry_schedule: [], max_in_flight: 10 }, 12);
      for (const delivery of await claim(a)) await a.record(resultOf(delivery, { kind: 'settle', status: 'fail', reason: 'http_5xx' }));
      expect(await state()).toEqual({ strikes: 10, wait: 0 });
      expect(await claim(a)).toHaveLength(1);
      expect(await claim(a)).toEqual([]);
    });

    describe('because half of the attempts of a minute failed', () => {
      /** @param pattern of results, one character each: `.` is a success */
      async function sent(pattern: string, more = 10) {
        const all = await planned({ max_in_flight: 100 }, pattern.length + more);
        const held = await claim(all.a);
        const results = Array.from(pattern, (sign, n) =>
          sign === '.' ? resultOf(held[n]!, SUCCESS) : fail(sign === 't' ? 'timeout_body' : undefined)(held[n]!),
        );
        return { ...all, results, underWay: held.slice(pattern.length) };
      }

      it('waits, whatever succeeds of what was under way, and lets all go after a probe that succeeds', async () => {
        const { a, results, underWay } = await sent('x.'.repeat(10));
        for (const result of results.slice(0, -1)) await a.record(result);
        expect(await state()).toEqual({ strikes: 1, wait: null });
        await a.record(results.at(-1)!);
        expect(await state()).toEqual({ strikes: 10, wait: 30 });
        await a.record(resultOf(underWay[0]!, SUCCESS));
        await a.record(fail()(underWay[1]!));
        expect(await state()).toEqual({ strikes: 10, wait: 30 });
        for (const delivery of underWay.slice(2)) await a.record(fail()(delivery));
        expect(await claim(a)).toEqual([]);
        await toTheFuture(31);
        const [probe, ...others] = await claim(a);
        expect(others).toEqual([]);
        await a.record(resultOf(probe!, SUCCESS));
        expect(await state()).toEqual({ strikes: 0, wait: null });
        expect((await claim(a)).length).toBeGreaterThan(1);
      });

      it('waits twice as long after a probe that fails', async () => {
        const { a, results, underWay } = await sent('x.'.repeat(10));
        for (const result of results) await a.record(result);
        for (const delivery of underWay) await a.record(resultOf(delivery, SUCCESS));
        await toTheFuture(31);
        const [probe] = await claim(a);
        await a.record(fail()(probe!));
        expect(await state()).toEqual({ strikes: 11, wait: 60 });
      });

      it.each([
        ['fewer than half', 'x..'.repeat(10), false],
        ['half, among fewer than 20', 'x.'.repeat(9), false],
        ['a quarter, all of them for want of an answer', 't...'.repeat(5), true],
      ])('%s', async (_what, pattern, opens) => {
        const { a, results } = await sent(pattern);
        for (const result of results) await a.record(result);
        expect(await state()).toMatchObject({ wait: opens ? 30 : null });
      });

      it('counts a minute from the first failure on', async () => {
        const { a, results } = await sent('x.'.repeat(10));
        for (const result of results.slice(0, 15)) await a.record(result);
        await toTheFuture(61);
        for (const result of results.slice(15)) await a.record(result);
        expect(await state()).toMatchObject({ wait: null });
      });
    });

    it('wakes for no new message, and for a person who sends one again', async () => {
      const { a, app, endpoint, messages } = await opened();
      await given.messages(app, 1);
      await a.fanOut(10);
      expect(await a.sweep()).toMatchObject({ deliveriesDue: false });
      await a.leave();
      await given.resend(app, [messages[0]!], endpoint);
      expect(await claim(a)).toHaveLength(1);
    });
  });

  it('claims 200 at a time, and says that there is more', async () => {
    const { a } = await planned({ max_in_flight: 250 }, 210);
    const room = { deliveries: 250, bytes: PLENTY };
    const claims = [await a.claim(room), await a.claim(room)];
    expect(claims.map(({ deliveries, crowded }) => [deliveries.length, crowded])).toEqual([
      [200, true],
      [10, false],
    ]);
  });

  it('gives an organization no more than its cap, and the rest of a worker to the others', async () => {
    const limits = { DELIVERY_ORGANIZATION_MAX_IN_FLIGHT: '12', DELIVERY_ENDPOINT_MAX_IN_FLIGHT: '5' };
    const app = await given.application();
    for (let n = 0; n < 6; n++) await given.endpoint(app);
    await given.messages(app, 10);
    const others = deliveryFixture(test, newId('org'));
    const quiet = await others.application();
    await others.endpoint(quiet);
    await others.messages(quiet, 1);
    const [a, b] = [await given.worker(limits), await given.worker(limits)];
    await a.fanOut(100);
    const rounds = async (store: SqlDeliveryStore) => [...(await claim(store, 20)), ...(await claim(store, 20))];
    const held = (await Promise.all([rounds(a), rounds(b)])).flat();
    expect(held.filter(({ organizationId }) => organizationId === ORGANIZATION)).toHaveLength(12);
    expect(held.filter(({ applicationId }) => applicationId === quiet)).toHaveLength(1);
    expect(await a.claim({ deliveries: 20, bytes: PLENTY })).toMatchObject({ deliveries: [], held: true });
    await a.record(
      resultOf(
        held.find(({ organizationId }) => organizationId === ORGANIZATION)!,
        SUCCESS,
      ),
    );
    expect(await claim(b, 20)).toHaveLength(1);
  });

  it('lets all that became due in an outage go in portions, by endpoint, organization and worker', async () => {
    const limits = { DELIVERY_ORGANIZATION_MAX_IN_FLIGHT: '60', DELIVERY_ENDPOINT_MAX_IN_FLIGHT: '5' };
    const app = await given.application();
    const endpoints: string[] = [];
    for (let n = 0; n < 20; n++) endpoints.push(await given.endpoint(app));
    // 20,000 retries whose time came while nobody could send.
    await sql.run(
      `INSERT INTO pending_delivery (message_id, endpoint_id, organization_id, application_id, event_type, next_at, accepted_at)
       SELECT 'msg_' || n, e, $2, $3, 'a', now() - interval '1 h', now() FROM unnest($1::text[]) e, generate_series(1, 1000) n`,
      [endpoints, ORGANIZATION, app],
    );
    await sql.run('INSERT INTO delivery_lane (endpoint_id, organization_id, due_at) SELECT unnest($1::text[]), $2, now()', [
      endpoints,
      ORGANIZATION,
    ]);
    const stores = [await given.worker(limits), await given.worker(limits)] as const;
    const held: ClaimedDelivery[] = [];
    for (let round = 0; round < 10; round++) {
      const claims = await Promise.all(stores.map((store) => store.claim({ deliveries: 40, bytes: PLENTY })));
      for (const { deliveries } of claims) expect(deliveries.length).toBeLessThanOrEqual(40);
      held.push(...claims.flatMap(({ deliveries }) => deliveries));
      expect(held.length).toBeLessThanOrEqual(60);
      for (const endpoint of endpoints) expect(held.filter(({ endpointId }) => endpointId === endpoint).length).toBeLessThanOrEqual(5);
      await Promise.all(held.splice(0, 30).map((delivery) => stores[0].record(resultOf(delivery, SUCCESS))));
    }
    // Everybody had a turn.
    const served = await sql.run('SELECT DISTINCT endpoint_id FROM settled_delivery');
    expect(served).toHaveLength(endpoints.length);
  });

  it('takes payloads while there are bytes left, and one however large it is', async () => {
    const app = await given.application();
    await given.endpoint(app);
    await given.messages(app, 1, 5_000);
    await given.messages(app, 5, 400);
    const store = await given.worker();
    await store.fanOut(10);
    expect(await claim(store, 10, 1_000)).toHaveLength(1);
    expect(await claim(store, 10, 1_000)).toHaveLength(3);
    expect(await claim(store, 10, 1_000)).toHaveLength(2);
  });

  it('lets nothing be forgotten, though a result is written while a lane is being counted', async () => {
    const { a, b } = await planned({ max_in_flight: 2 }, 60);
    let sent = 0;
    const work = async (store: SqlDeliveryStore) => {
      for (const delivery of await claim(store, 5)) {
        sent++;
        void claim(store === a ? b : a, 1).then((more) =>
          Promise.all(more.map((one) => (store === a ? b : a).record(resultOf(one, AT_ONCE)))),
        );
        await store.record(resultOf(delivery, SUCCESS));
      }
    };
    await eventually(
      async () => {
        await Promise.all([work(a), work(b)]);
        return (await sql.run('SELECT 1 FROM pending_delivery')).length === 0;
      },
      { within: 20_000, what: 'nothing is pending' },
    );
    expect(sent).toBeGreaterThan(0);
  });
});
