import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/local/embedded-postgres';
import { migrate } from '../support/migrate';
import { callerAt, type Caller, expected } from '../support/accounts';
import { distributionPostgres } from '../support/distribution-postgres';
import { type Environment, testEnvironment } from '../support/environment';
import { eventually } from '../support/eventually';
import { pace } from '../support/pace';
import { runCommand, startProcess } from '../support/processes';
import { type Receiver, startReceiver } from '../support/receiver';
import { FORGETFUL } from '../support/services';
import { startMailServer, tokenIn } from '../support/smtp';
import { addEndpoint, send } from '../support/webhooks';

type Report = { healthy: boolean; findings: { check: string; level: string; detail: string }[] };
type Process = Awaited<ReturnType<typeof startProcess>>;

const DELIVERED = 100;
const PENDING = 40;
const UNPLANNED = 10;

jest.setTimeout(180_000);

/** On the PostgreSQL of the distribution, the oldest that the tests run on. One story: each test goes on where the one before it ended. */
describe('a backup', () => {
  const undo: (() => unknown)[] = [];
  let environment: Environment;
  let receiver: Receiver;
  let closed: Receiver;
  let api: Process;
  let worker: Process;
  let organization: Caller;
  let apiKey: string;
  let appId: string;
  let pendingAppId: string;
  const before = new Set<string>();
  const pending = new Set<string>();

  const idsAt = ({ requests }: Receiver) => requests.map(({ headers }) => String(headers['webhook-id']));
  const drill = async (changes: Environment, ...args: string[]) => {
    const { code, answer, complaint } = await runCommand('drill', { ...environment, ...changes }, ['--json', ...args]);
    const report = answer === '' ? undefined : (JSON.parse(answer) as Report);
    return { code, complaint, report, levels: Object.fromEntries((report?.findings ?? []).map(({ check, level }) => [check, level])) };
  };
  const query = async <Row extends object>(url: string, text: string): Promise<Row[]> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-restore-'));
    chmodSync(folder, 0o755);
    undo.push(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const { bin, binaries } = distributionPostgres(folder);
    const postgres = await startEmbeddedPostgres({
      directory: join(folder, 'postgres'),
      password: randomBytes(12).toString('hex'),
      settings: FORGETFUL,
      binaries,
    });
    undo.push(() => postgres.stop());
    const mail = await startMailServer();
    undo.push(() => mail.stop());
    receiver = await startReceiver();
    undo.push(() => receiver.stop());
    closed = await startReceiver();
    undo.push(() => closed.stop());
    await migrate(postgres.url);
    environment = {
      ...testEnvironment({ DATABASE_URL: postgres.url, SMTP_URL: mail.url, DELIVERY_RETRY_SCHEDULE: '3600,3600' }),
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      LD_LIBRARY_PATH: binaries.env.LD_LIBRARY_PATH,
    };
    [api, worker] = await Promise.all([startProcess('main', environment), startProcess('worker', environment)]);
    undo.push(() => Promise.all([api.kill(), worker.kill()]));

    const anybody = callerAt(api.url);
    expected(202, await anybody('POST', '/auth/register', { email: 'ann@example.com', password: 'a long enough password', name: 'Ann' }));
    const token = tokenIn(await mail.mailTo('ann@example.com'));
    const { accessToken } = expected(200, await anybody<{ accessToken: string }>('POST', '/auth/verify-email', { token }));
    const user = callerAt(api.url, accessToken);
    ({ id: appId } = await eventually(async () => expected(201, await user<{ id: string }>('POST', '/app', { name: 'Acme' }))));
    ({ id: pendingAppId } = expected(201, await user<{ id: string }>('POST', '/app', { name: 'Later' })));
    ({ token: apiKey } = expected(201, await user<{ token: string }>('POST', '/api-key', { name: 'restore' })));
    organization = callerAt(api.url, apiKey);
    await addEndpoint({ organization }, appId, receiver.url);
    await addEndpoint({ organization }, pendingAppId, closed.url);
  });

  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });

  it('is taken while messages come in, restored, and found complete', async () => {
    closed.answerBy(() => ({ status: 503 }));
    for (let n = 0; n < DELIVERED; n++) before.add(await send({ organization }, appId, n));
    for (let n = 0; n < PENDING; n++) pending.add(await send({ organization }, pendingAppId, n));
    await receiver.received(DELIVERED);
    // After some failures it is left alone.
    await closed.received(1);
    await eventually(async () => {
      const [row] = await query<{ count: number }>(
        environment['DATABASE_URL']!,
        'SELECT count(*)::int FROM pending_delivery WHERE status = 1',
      );
      return row?.count === PENDING;
    });
    // Accepted, and nobody has planned them yet.
    await worker.stop();
    for (let n = 0; n < UNPLANNED; n++) pending.add(await send({ organization }, pendingAppId, n));

    let over = false as boolean;
    const load = (async () => {
      while (!over) {
        await send({ organization }, appId);
        await pace();
      }
    })();
    try {
      const { levels, report } = await drill({}, '--keep');
      expect(levels).toEqual({ rows: 'ok', 'keys.decrypt': 'ok', audit: 'ok', work: 'ok' });
      expect(report?.healthy).toBe(true);
    } finally {
      over = true;
      await load;
    }
  });

  it('refuses to overwrite what is there', async () => {
    expect(await drill({})).toMatchObject({ code: 1, complaint: expect.stringContaining('already exists') as string });
    expect(await drill({}, '--database', 'posthorn')).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('must not be that of DATABASE_URL') as string,
    });
  });

  it('is worth nothing without the keys, and the drill says so', async () => {
    const wrong = { ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}` };
    const { code, levels, report } = await drill(wrong, '--database', 'posthorn_wrong_keys');
    expect({ code, decrypt: levels['keys.decrypt'] }).toEqual({ code: 1, decrypt: 'problem' });
    expect(report?.findings.find(({ check }) => check === 'keys.decrypt')?.detail).toMatch(/\d+ of message\.payload/);
    const left = await query(environment['DATABASE_URL']!, `SELECT 1 FROM pg_database WHERE datname = 'posthorn_wrong_keys'`);
    expect(left).toEqual([]);
  });

  it('brings back a Posthorn that sends what was pending, and nothing that had arrived', async () => {
    await api.stop();
    const url = new URL(environment['DATABASE_URL']!);
    url.pathname = '/posthorn_drill';
    const restored = { ...environment, DATABASE_URL: url.href };
    const [later, earlier] = [closed.requests.length, receiver.requests.length];
    closed.answerBy(() => ({ status: 200 }));
    // Their next attempt is an hour away.
    await query(url.href, `UPDATE pending_delivery SET next_at = now(); UPDATE delivery_lane SET due_at = now(), open_until = NULL`);
    expect((await runCommand('migrate', restored)).answer).toContain('up to date');
    [api, worker] = await Promise.all([startProcess('main', restored), startProcess('worker', restored)]);
    await eventually(() => new Set(idsAt(closed).slice(later)).size === pending.size, { within: 60_000, what: 'what was pending' });
    expect(new Set(idsAt(closed).slice(later))).toEqual(pending);

    const backedUp = await query<{ id: string }>(url.href, 'SELECT id FROM message');
    await eventually(
      async () => (await query(url.href, 'SELECT 1 FROM pending_delivery UNION ALL SELECT 1 FROM message_outbox')).length === 0,
    );
    const again = idsAt(receiver).slice(earlier);
    expect(again.filter((id) => before.has(id))).toEqual([]);
    expect(again.filter((id) => !backedUp.some((message) => message.id === id))).toEqual([]);
    expect(new Set(again).size).toBe(again.length);
  });

  it('goes on: new messages are accepted and arrive', async () => {
    const id = await send({ organization: callerAt(api.url, apiKey) }, appId);
    await eventually(() => idsAt(receiver).includes(id));
  });
});
