import { Client } from 'pg';
import { newId } from '../../../platform/ids/id';
import { eventually } from '../../../../test/support/eventually';
import { openTestStore, type TestStore } from '../../../../test/support/store';
import { deliveryFixture } from './testing/delivery-fixture';

const ORGANIZATION = newId('org');

describe('What is sent again by hand', () => {
  let db: TestStore;
  let planner: Client;

  beforeEach(async () => {
    db = await openTestStore();
    planner = new Client({ connectionString: db.url });
    await planner.connect();
  });
  afterEach(async () => {
    await planner.end();
    await db.close();
  });

  it.each([
    ['which has no lane yet', false],
    ['which has a lane', true],
  ])('waits for the first planning of its message to an endpoint %s', async (_, hasLane) => {
    const given = deliveryFixture(db, ORGANIZATION);
    const app = await given.application();
    const endpoint = await given.endpoint(app);
    const [message] = await given.messages(app, 1);
    if (hasLane) await db.sql.run(`INSERT INTO delivery_lane (endpoint_id, due_at) VALUES ($1, 'infinity')`, [endpoint]);

    // As planning does it: the lane, and then the delivery.
    await planner.query('BEGIN');
    await planner.query(
      `INSERT INTO delivery_lane (endpoint_id, due_at) VALUES ($1, 'infinity') ON CONFLICT (endpoint_id) DO UPDATE SET due_at = 'infinity'`,
      [endpoint],
    );
    const resent = given.resend(app, [message!], endpoint);
    await eventually(async () => (await db.sql.run(`SELECT 1 FROM pg_locks WHERE NOT granted`)).length > 0, { what: 'somebody waits' });
    await planner.query(
      `INSERT INTO pending_delivery (message_id, endpoint_id, organization_id, application_id, event_type, next_at, accepted_at)
       VALUES ($1, $2, $3, $4, 'a', 'infinity', now())`,
      [message, endpoint, ORGANIZATION, app],
    );
    await planner.query('COMMIT');
    await resent;

    const due = await db.sql.run(
      `SELECT trigger_type FROM pending_delivery JOIN delivery_lane USING (endpoint_id) WHERE next_at <= now() AND due_at <= now()`,
    );
    expect(due).toEqual([{ trigger_type: 1 }]);
  });
});
