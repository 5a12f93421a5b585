import { loadConfig } from '../../../../config/env';
import { newId } from '../../../../platform/ids/id';
import { testEnvironment } from '../../../../../test/support/environment';
import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { deliveryFixture, resultOf, RETRY } from '../testing/delivery-fixture';
import { CountEndpointsHandler } from './count-endpoints';
import { GetQueueDepthHandler } from './get-queue-depth';

const ORGANIZATION = newId('org');

describe('The depth of the queue', () => {
  let db: TestStore;
  let sql: TestStore['sql'];
  let fixture: ReturnType<typeof deliveryFixture>;
  let app: string;

  beforeEach(async () => {
    db = await openTestStore();
    ({ sql } = db);
    fixture = deliveryFixture(db, ORGANIZATION);
    app = await fixture.application();
  });
  afterEach(() => db.close());

  const depth = (environment = {}) =>
    new GetQueueDepthHandler(sql, loadConfig(testEnvironment({ DATABASE_URL: 'postgres://unused', ...environment }))).execute();
  const waits = (seconds: number) => sql.run(`UPDATE pending_delivery SET next_at = now() - make_interval(secs => $1)`, [seconds]);

  it('is nothing in an empty installation', async () => {
    expect(await depth()).toEqual({
      waiting: 0,
      delayed: 0,
      active: 0,
      oldestDueSeconds: 0,
      workers: 0,
      openCircuits: 0,
      unpublished: 0,
      oldestUnpublishedSeconds: 0,
    });
  });

  it('counts what is accepted, due and under way, and tells how long the oldest has waited', async () => {
    await fixture.endpoint(app);
    await fixture.messages(app, 5);
    await sql.run(`UPDATE message_outbox SET accepted_at = now() - interval '40 s'`);
    expect(await depth()).toMatchObject({ unpublished: 5, oldestUnpublishedSeconds: expect.closeTo(40, 0), waiting: 0 });
    const worker = await fixture.worker();
    await worker.fanOut(100);
    await waits(90);
    await worker.claim({ deliveries: 2, bytes: 1_000_000 });
    expect(await depth()).toMatchObject({
      unpublished: 0,
      waiting: 3,
      active: 2,
      delayed: 0,
      workers: 1,
      oldestDueSeconds: expect.closeTo(90, 0),
    });
  });

  it('does not call old what is scheduled for later, however much it is', async () => {
    await sql.run(
      `INSERT INTO pending_delivery (message_id, endpoint_id, organization_id, application_id, event_type, next_at, accepted_at)
       SELECT 'msg_' || n, 'ep_' || n % 100, $1, 'app_1', 'a', now() + interval '1 h', now() - interval '1 day' FROM generate_series(1, 50000) n`,
      [ORGANIZATION],
    );
    await sql.run(
      `INSERT INTO delivery_lane (endpoint_id, due_at) SELECT 'ep_' || n, now() + interval '1 h' FROM generate_series(0, 99) n`,
    );
    expect(await depth()).toMatchObject({ delayed: 50_000, waiting: 0, oldestDueSeconds: 0 });
  });

  it('does not call old what the limits of its own endpoint or tenant hold back', async () => {
    await fixture.endpoint(app, { max_in_flight: 1 });
    await fixture.messages(app, 3);
    const worker = await fixture.worker();
    await worker.fanOut(100);
    await waits(90);
    await worker.claim({ deliveries: 10, bytes: 1_000_000 });
    expect(await depth()).toMatchObject({ waiting: 2, active: 1, oldestDueSeconds: 0 });
    await sql.run('UPDATE delivery_lane SET due_at = now()');
    expect(await depth()).toMatchObject({ oldestDueSeconds: expect.closeTo(90, 0) });
    expect(await depth({ DELIVERY_ORGANIZATION_MAX_IN_FLIGHT: '1' })).toMatchObject({ oldestDueSeconds: 0 });
    await sql.run(`UPDATE delivery_lane SET open_until = now() + interval '1 h', due_at = now() + interval '1 h'`);
    expect(await depth()).toMatchObject({ openCircuits: 1, oldestDueSeconds: 0 });
  });

  it('calls old what a worker took and never gave back', async () => {
    await fixture.endpoint(app);
    await fixture.messages(app, 1);
    const worker = await fixture.worker();
    await worker.fanOut(100);
    await worker.claim({ deliveries: 10, bytes: 1_000_000 });
    expect(await depth()).toMatchObject({ active: 1, oldestDueSeconds: 0 });
    await sql.run(`UPDATE pending_delivery SET lease_until = now() - interval '70 s'`);
    await sql.run(`UPDATE worker SET heartbeat_at = now() - interval '1 min'`);
    expect(await depth()).toMatchObject({ workers: 0, oldestDueSeconds: expect.closeTo(70, 0) });
  });

  it('looks at the head of an order, which may wait for its retry', async () => {
    await fixture.endpoint(app, { ordering: 'fifo' });
    await fixture.messages(app, 3);
    const worker = await fixture.worker();
    await worker.fanOut(100);
    const { deliveries } = await worker.claim({ deliveries: 10, bytes: 1_000_000 });
    await Promise.all(deliveries.map((delivery) => worker.record(resultOf(delivery, RETRY))));
    await sql.run(`UPDATE pending_delivery SET next_at = now() - interval '90 s' WHERE next_at <= now()`);
    expect(await depth()).toMatchObject({ waiting: 2, delayed: 1, oldestDueSeconds: 0 });
  });

  it('counts endpoints by what became of them', async () => {
    await fixture.endpoint(app);
    await fixture.endpoint(app, { disabled: true });
    await fixture.endpoint(app, { disabled: true, disabled_reason: 'gone' });
    await fixture.endpoint(app, { disabled: true, disabled_reason: 'failing', deleted_at: new Date() });
    expect(await new CountEndpointsHandler(sql).execute()).toEqual({
      enabled: 1,
      disabledByOwner: 1,
      disabledAsGone: 1,
      disabledAsFailing: 0,
    });
  });
});
