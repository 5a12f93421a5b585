import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Sql } from '../../src/platform/database/sql';
import { startEmbeddedPostgres } from '../../src/local/embedded-postgres';
import { migrate } from '../support/migrate';
import { expected, signUp } from '../support/accounts';
import { startTestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';
import { startReceiver } from '../support/receiver';
import { listenAt, send } from '../support/webhooks';

const MINUTE = 60_000;
const RETRIES = Array(20).fill('1').join(',');

const undo: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

/** Every so many-th write takes its transaction with it, as another session in the way would. */
const INJECT = `
  CREATE SEQUENCE injected;
  CREATE FUNCTION inject() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE n bigint := nextval('injected');
    BEGIN
      IF n % 41 = 3 THEN RAISE EXCEPTION 'injected' USING ERRCODE = (ARRAY['40P01', '40001', '08006'])[1 + n / 41 % 3]; END IF;
      RETURN NULL;
    END $$`;
const TABLES = ['message', 'message_outbox', 'pending_delivery', 'delivery_lane', 'attempt', 'settled_delivery'];

it(
  'deadlocks and serialization failures cost nobody a message, and plan none by half',
  async () => {
    const app = await startTestApp({ env: { DELIVERY_RETRY_SCHEDULE: RETRIES } });
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    const worker = await startProcess('worker', app.environment);
    undo.push(() => worker.stop());
    const ann = await signUp(app);
    const { appId } = await listenAt(ann, receiver.urlFor('/0'));
    for (const n of [1, 2]) expected(201, await ann.organization('POST', `/app/${appId}/endpoint`, { url: receiver.urlFor(`/${n}`) }));

    const sql = app.http.get(Sql);
    await sql.run(INJECT);
    // Not for each row: what writes many would never come through.
    for (const table of TABLES)
      await sql.run(`CREATE TRIGGER inject AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION inject()`);
    const answers = new Map<number, number>();
    const accepted: string[] = [];
    for (let n = 0; n < 120; n++) {
      const { status, body, headers } = await ann.organization<{ id: string }>('POST', `/app/${appId}/msg`, {
        eventType: 'a',
        payload: { n },
      });
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (status === 202) accepted.push(body.id);
      else expect(headers['retry-after']).toBe('1');
    }
    expect([...answers.keys()].sort()).toEqual([202, 503]);
    await eventually(
      () => new Set(receiver.requests.map(({ path, headers }) => `${path} ${String(headers['webhook-id'])}`)).size === accepted.length * 3,
      {
        within: MINUTE,
        what: 'each message at each endpoint',
      },
    );
    for (const table of TABLES) await sql.run(`DROP TRIGGER inject ON ${table}`);
    await eventually(async () => (await sql.run('SELECT 1 FROM message_outbox UNION ALL SELECT 1 FROM pending_delivery')).length === 0, {
      within: MINUTE,
      what: 'nothing is under way',
    });
    expect(await sql.run('SELECT status, count(*)::int AS count FROM delivery GROUP BY status')).toEqual([
      { status: 0, count: accepted.length * 3 },
    ]);
  },
  3 * MINUTE,
);

it(
  'a server without connections to spare is 503 to senders, and everything goes on when there are some',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-full-'));
    chmodSync(folder, 0o711);
    undo.push(() => rmSync(folder, { recursive: true, force: true }));
    const settings = { max_connections: '30', fsync: 'off' };
    const postgres = await startEmbeddedPostgres({
      directory: join(folder, 'postgres'),
      password: randomBytes(12).toString('hex'),
      settings,
    });
    undo.push(() => postgres.stop());
    await migrate(postgres.url);
    const app = await startTestApp({ env: { DATABASE_URL: postgres.url, DATABASE_POOL_SIZE: '5', DELIVERY_RETRY_SCHEDULE: RETRIES } });
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    const worker = await startProcess('worker', app.environment);
    undo.push(() => worker.stop());
    const ann = await signUp(app);
    const { appId } = await listenAt(ann, receiver.url);
    const before = await send(ann, appId);
    await receiver.received(1);

    const others = await takeAllConnections(postgres.url);
    const start = performance.now();
    const refused = await ann.organization<{ code: string }>('POST', `/app/${appId}/msg`, { eventType: 'a', payload: {} });
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '1' } });
    expect(performance.now() - start).toBeLessThan(3_000);
    await Promise.all(others.map((client) => client.end()));

    const after = await eventually(async () => {
      const { status, body } = await ann.organization<{ id: string }>('POST', `/app/${appId}/msg`, { eventType: 'a', payload: {} });
      return status === 202 && body.id;
    });
    await receiver.received(2);
    expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([before, after]);
  },
  3 * MINUTE,
);

/** Whoever was there loses theirs, and whoever comes too late gets none. */
async function takeAllConnections(url: string): Promise<Client[]> {
  const taken: Client[] = [];
  const take = async () => {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      taken.push(client);
      return true;
    } catch {
      return false;
    }
  };
  await take();
  await eventually(async () => {
    while (await take());
    const mine = (await Promise.all(taken.map((client) => client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')))).map(
      ({ rows }) => rows[0]!.pid,
    );
    const { rows } = await taken[0]!.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> ALL ($1::int[])`,
      [mine],
    );
    return rows.length === 0;
  });
  return taken;
}
