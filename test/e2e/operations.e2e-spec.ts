import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { request } from 'undici';
import { freePort } from '../../src/local/free-port';
import '../../src/app.module';
import { metrics } from '../../src/platform/metrics/metric';
import { openTestDatabase } from '../support/database';
import { type Environment, testEnvironment } from '../support/environment';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';
import { type Receiver, startReceiver } from '../support/receiver';
import { type MailServer, startMailServer } from '../support/smtp';

type Process = Awaited<ReturnType<typeof startProcess>>;
type Database = Awaited<ReturnType<typeof openTestDatabase>>;
type LogLine = Record<string, unknown> & { level: string; msg?: string };

const DIST = join(__dirname, '../../dist');
const EXIT_MS = 15_000;

jest.setTimeout(60_000);

/** Runs an entry point until it ends by itself. */
async function runToEnd(entry: 'main' | 'worker' | 'migrate', environment: Environment) {
  const child = spawn(process.execPath, [join(DIST, `${entry}.js`)], {
    env: { PATH: process.env['PATH'], ...environment },
    timeout: EXIT_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  return { exitCode: child.exitCode, output };
}

async function call(url: string, { token, body }: { token?: string; body?: object } = {}) {
  const reply = await request(url, {
    method: body ? 'POST' : 'GET',
    headers: {
      'x-request-id': 'story-1',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: reply.statusCode, text: await reply.body.text() };
}

async function json<Body>(...args: Parameters<typeof call>): Promise<Body> {
  const { status, text } = await call(...args);
  if (status >= 300) throw new Error(`${args[0]}: ${status} ${text}`);
  return JSON.parse(text) as Body;
}

const linesOf = ({ output }: Process): LogLine[] =>
  output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogLine);

describe('API and worker as processes', () => {
  let database: Database;
  let mail: MailServer;
  let receiver: Receiver;
  let environment: Environment;
  let api: Process;
  let worker: Process;
  /** What people entered or were given, and what must be nowhere but where it belongs. */
  const secrets: Record<string, string> = {
    email: `ann.${randomBytes(6).toString('hex')}@example.com`,
    password: randomBytes(12).toString('base64url'),
    payload: `payload-${randomBytes(6).toString('hex')}`,
    person: `Person-${randomBytes(6).toString('hex')}`,
    query: `query-${randomBytes(6).toString('hex')}`,
    response: `response-${randomBytes(6).toString('hex')}`,
    header: `header-${randomBytes(6).toString('hex')}`,
    address: `address-${randomBytes(6).toString('hex')}`,
  };
  const ids: string[] = [];

  /** Registers, signs in, fails to sign in, makes a key and an endpoint, and has a message delivered twice: it fails, then succeeds. */
  async function tellStory(): Promise<void> {
    const { email, password, person } = secrets;
    const v1 = `${api.url}/api/v1`;
    await json(`${v1}/auth/register`, { body: { email, password, name: person } });
    const token = /#token=(\S+)/.exec((await mail.mailTo(email!)).text ?? '')![1]!;
    await json(`${v1}/auth/verify-email`, { body: { token } });
    const { accessToken } = await json<{ accessToken: string }>(`${v1}/auth/login`, { body: { email, password } });
    expect((await call(`${v1}/auth/login`, { body: { email, password: `${password!}x` } })).status).toBe(401);
    expect((await call(`${v1}/users/me`, { token: `${accessToken}x` })).status).toBe(401);
    const me = await eventually(async () => {
      const found = await json<{ id: string; organizations: { id: string }[] }>(`${v1}/users/me`, { token: accessToken });
      return found.organizations.length > 0 && found;
    });
    const { token: apiKey } = await json<{ token: string }>(`${v1}/api-key`, { token: accessToken, body: { name: 'key' } });
    const app = await json<{ id: string }>(`${v1}/app`, { token: apiKey, body: { name: 'Acme' } });
    const url = receiver.urlFor(`/${secrets['address']!}`);
    const endpoint = await json<{ id: string }>(`${v1}/app/${app.id}/endpoint`, {
      token: apiKey,
      body: { url, headers: { 'X-Key': secrets['header'] } },
    });
    const { key } = await json<{ key: string }>(`${v1}/app/${app.id}/endpoint/${endpoint.id}/secret`, { token: apiKey });
    receiver.answer({ status: 500, body: secrets['response']! }, { status: 200, body: secrets['response']! });
    const message = await json<{ id: string }>(`${v1}/app/${app.id}/msg?with_content=true&note=${secrets['query']!}`, {
      token: apiKey,
      body: { eventType: 'a.b', payload: { secret: secrets['payload'] } },
    });
    await receiver.received(2);
    await eventually(async () => {
      const { data } = await json<{ data: unknown[] }>(`${v1}/app/${app.id}/attempt/msg/${message.id}`, { token: apiKey });
      return data.length === 2;
    });
    expect((await call(`${v1}/app/${app.id}/msg`, { token: apiKey, body: { payload: secrets['payload'] } })).status).toBe(422);
    Object.assign(secrets, { token, accessToken, apiKey, key, signature: apiKey.split('.')[2] });
    ids.push(me.id, me.organizations[0]!.id, app.id, endpoint.id, message.id);
  }

  beforeAll(async () => {
    [database, mail, receiver] = await Promise.all([openTestDatabase(), startMailServer(), startReceiver()]);
    environment = testEnvironment({
      DATABASE_URL: database.url,
      SMTP_URL: mail.url,
      LOG_LEVEL: 'debug',
      DELIVERY_RETRY_SCHEDULE: '0,0',
      DRAIN_SECONDS: '5',
    });
    [api, worker] = await Promise.all([startProcess('main', environment), startProcess('worker', environment)]);
    await tellStory();
  });
  afterAll(async () => {
    await Promise.all([api.kill(), worker.kill()]);
    await Promise.all([database.drop(), mail.stop(), receiver.stop()]);
  });

  describe('metrics', () => {
    const metricsOf = async (process: Process) => (await call(`${process.metricsUrl}/metrics`)).text;
    const names = (text: string) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);

    it('count and time requests in the API', async () => {
      const text = await metricsOf(api);
      expect(names(text)).toEqual(
        expect.arrayContaining([
          'posthorn_http_requests_total',
          'posthorn_http_request_duration_seconds',
          'process_cpu_seconds_total',
          'nodejs_eventloop_lag_seconds',
          'nodejs_heap_size_used_bytes',
        ]),
      );
      expect(text).toMatch(/^posthorn_http_requests_total\{method="POST",route="[^"]*:app_id\/msg",status_class="2xx".*\} 1$/m);
      expect(text).toMatch(/^posthorn_http_requests_total\{method="POST",route="[^"]*:app_id\/msg",status_class="4xx".*\} 1$/m);
      expect(text).toMatch(/^posthorn_http_request_duration_seconds_bucket\{le="0\.05",/m);
    });

    it('say in the worker what is due, since when, and what was attempted', async () => {
      const text = await eventually(async () => {
        const found = await metricsOf(worker);
        return /^posthorn_queue_jobs\{queue="deliveries",state="waiting".*\} 0$/m.test(found) && found;
      });
      expect(names(text)).toEqual(
        expect.arrayContaining([
          'posthorn_queue_jobs',
          'posthorn_queue_oldest_due_age_seconds',
          'posthorn_delivery_attempts_total',
          'process_cpu_seconds_total',
          'nodejs_eventloop_lag_seconds',
        ]),
      );
      expect(text).toMatch(/^posthorn_delivery_attempts_total\{outcome="failure",reason="http_5xx",attempt="first".*\} 1$/m);
      expect(text).toMatch(/^posthorn_delivery_attempts_total\{outcome="success",reason="ok",attempt="retry".*\} 1$/m);
    });

    it.each(['api', 'worker'] as const)(
      'are those of the contract in the %s, each with its type, its labels and their values',
      async (role) => {
        const text = await metricsOf(role === 'api' ? api : worker);
        const served = new Map([...text.matchAll(/^# TYPE (posthorn_\S+) (\w+)$/gm)].map(([, name, type]) => [name!, type!]));
        const promised = [...metrics().values()].filter(({ from }) => from === 'both' || from === role);
        expect(Object.fromEntries(served)).toEqual(
          expect.objectContaining(Object.fromEntries(promised.map(({ name, type }) => [name, type]))),
        );
        expect([...served.keys()].filter((name) => !metrics().has(name))).toEqual([]);
        const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
        expect(series.length).toBeLessThan(2_000);
        for (const [, name, labels] of text.matchAll(/^(posthorn_\w+?)(?:_bucket|_sum|_count)?\{([^}]*)\}/gm)) {
          const { labels: declared } = metrics().get(name!)!;
          const shown = [...labels!.matchAll(/(\w+)="([^"]*)"/g)].filter(([, label]) => label !== 'le');
          expect(shown.map(([, label]) => label).sort()).toEqual(Object.keys(declared).sort());
          for (const [, label, value] of shown) {
            const values = declared[label!]!;
            if (!('atMost' in values)) expect(values).toContain(value);
          }
        }
      },
    );

    it('tell in the API, too, what lies in the database', async () => {
      const values = (text: string) =>
        [...text.matchAll(/^posthorn_(?:queue_jobs|workers_active|outbox_unpublished|partition).*$/gm)].map(([line]) => line).sort();
      await eventually(async () => {
        const [ofApi, ofWorker] = await Promise.all([metricsOf(api), metricsOf(worker)]);
        expect(values(ofApi)).toHaveLength(10);
        expect(values(ofApi)).toEqual(values(ofWorker));
        expect(ofApi).toMatch(/^posthorn_workers_active 1$/m);
        expect(ofApi).toMatch(/^posthorn_endpoints\{state="enabled"\} 1$/m);
        return true;
      });
    });

    it('count what was handed in', async () => {
      expect(await metricsOf(api)).toMatch(/^posthorn_messages_accepted_total\{outcome="accepted"\} 1$/m);
    });

    it('carry no id and no secret in any label', async () => {
      const text = (await metricsOf(api)) + (await metricsOf(worker));
      expect([...ids, ...Object.values(secrets)].filter((value) => text.includes(value))).toEqual([]);
      const labels = [...text.matchAll(/="([^"]*)"/g)].map(([, value]) => value!);
      expect(labels.filter((value) => /\b(app|ep|msg|atmpt|org|user|key|req)_[0-9A-Za-z]{10}/.test(value))).toEqual([]);
      const series = text.split('\n').filter((line) => line.startsWith('posthorn_http_requests_total')).length;
      for (let i = 0; i < 50; i++) await call(`${api.url}/api/v1/no-such-${i}/${randomBytes(8).toString('hex')}`);
      const after = (await metricsOf(api)).split('\n').filter((line) => line.startsWith('posthorn_http_requests_total')).length;
      expect(after).toBeLessThanOrEqual(series + 1);
    });

    it('are not for the public: the port of the API does not have them', async () => {
      expect((await call(`${api.url}/metrics`)).status).toBe(404);
      expect((await call(`${api.url}/api/v1/metrics`)).status).toBe(404);
    });
  });

  describe('logs', () => {
    it('are JSON lines that say when, how bad, and who speaks', () => {
      for (const [process, role] of [
        [api, 'api'],
        [worker, 'worker'],
      ] as const) {
        const lines = linesOf(process);
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) {
          expect(line).toMatchObject({
            time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
            level: expect.stringMatching(/^(debug|info|warn|error)$/),
            service: 'posthorn',
            role,
            version: expect.stringMatching(/^\d+\.\d+\.\d+/),
          });
        }
      }
    });

    it('tell of each request under its id, by its path without the query', () => {
      const requests = linesOf(api).filter((line) => 'req' in line);
      expect(requests.length).toBeGreaterThan(10);
      const created = requests.find(({ req }) => /\/msg$/.test((req as { path: string }).path));
      expect(created).toMatchObject({ requestId: 'story-1', req: { method: 'POST' }, res: { statusCode: 202 } });
    });

    it('hold no secret, token, password, address or payload', () => {
      for (const { output } of [api, worker]) expect(Object.entries(secrets).filter(([, value]) => output.includes(value))).toEqual([]);
      const settings = ['TOKEN_KEYS', 'ENCRYPTION_KEYS', 'LOOKUP_KEY'].map((name) => environment[name]!.replace(/^test:/, ''));
      const passwords = [environment['DATABASE_URL']!].map((url) => new URL(url).password);
      for (const { output } of [api, worker])
        expect([...settings, ...passwords].filter((value) => value && output.includes(value))).toEqual([]);
    });

    it('do not call what callers and receivers do wrong an error', () => {
      const loud = [...linesOf(api), ...linesOf(worker)].filter(({ level }) => level === 'error');
      expect(loud).toEqual([]);
    });

    it.each(['warn', 'silent'])('are as chatty as LOG_LEVEL=%s says', async (level) => {
      const quiet = await startProcess('main', { ...environment, LOG_LEVEL: level });
      try {
        expect((await call(`${quiet.url}/api/v1/app`)).status).toBe(401);
        expect((await call(`${quiet.url}/livez`)).status).toBe(200);
        expect(quiet.output).toBe('');
      } finally {
        await quiet.stop();
      }
    });
  });

  describe('the log level', () => {
    const put = async (process: Process, body: object) => {
      const reply = await request(`${process.metricsUrl}/log-level`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: reply.statusCode, body: (await reply.body.json()) as object };
    };

    it('changes while the process runs, for a while', async () => {
      const quiet = await startProcess('main', { ...environment, LOG_LEVEL: 'error' });
      try {
        expect(await json(`${quiet.metricsUrl}/log-level`)).toEqual({ level: 'error' });
        await call(`${quiet.url}/api/v1/app`);
        expect(await put(quiet, { level: 'info', seconds: 2 })).toEqual({ status: 200, body: { level: 'info', seconds: 2 } });
        await call(`${quiet.url}/api/v1/users/me`);
        await eventually(() => quiet.output.includes('/api/v1/users/me'));
        expect(quiet.output).not.toContain('/api/v1/app');
        await eventually(async () => (await json<{ level: string }>(`${quiet.metricsUrl}/log-level`)).level === 'error');
      } finally {
        await quiet.stop();
      }
    });

    it.each([{ level: 'loud' }, { level: 'info', seconds: 0 }, { level: 'info', until: 'tomorrow' }, {}])('is not %j', async (body) => {
      expect((await put(api, body)).status).toBe(422);
    });

    it('is not for the public', async () => {
      expect((await call(`${api.url}/log-level`)).status).toBe(404);
    });
  });

  describe('SIGTERM', () => {
    it('ends both with exit code 0', async () => {
      const more = await Promise.all([startProcess('main', environment), startProcess('worker', environment)]);
      expect(await Promise.all(more.map((process) => process.stop()))).toEqual([0, 0]);
    });

    it('lets a delivery that is under way arrive and be recorded', async () => {
      const alone = testEnvironment({ ...environment, QUEUE_PREFIX: `alone-${randomBytes(4).toString('hex')}` });
      expect(await worker.stop()).toBe(0);
      const leaving = await startProcess('worker', alone);
      receiver.answer({ status: 200, delayMs: 1_500 });
      const before = receiver.requests.length;
      const message = await json<{ id: string }>(`${api.url}/api/v1/app/${ids[2]!}/msg`, {
        token: secrets['apiKey']!,
        body: { eventType: 'a.b', payload: {} },
      });
      await receiver.received(before + 1);
      expect(await leaving.stop()).toBe(0);
      const { data } = await json<{ data: { status: number }[] }>(`${api.url}/api/v1/app/${ids[2]!}/attempt/msg/${message.id}`, {
        token: secrets['apiKey']!,
      });
      expect(data).toMatchObject([{ status: 0 }]);
      expect(receiver.requests.length).toBe(before + 1);
    });
  });
});

describe('an environment that is not good enough', () => {
  const good = testEnvironment({ NODE_ENV: 'production', DATABASE_URL: 'postgres://user:hidden-password@127.0.0.1:1/none' });
  const without = (...names: string[]): Environment => Object.fromEntries(Object.entries(good).filter(([name]) => !names.includes(name)));
  const zeros = Buffer.alloc(32, 7).toString('base64');

  it.each(['main', 'worker'] as const)('ends %s with 1 and every name at once, without a value', async (entry) => {
    const { exitCode, output } = await runToEnd(entry, {
      ...without('TOKEN_KEYS', 'SMTP_URL'),
      ENCRYPTION_KEYS: `test:${zeros}`,
      LOOKUP_KEY: 'not base64!',
      PORT: 'eighty',
    });
    expect(exitCode).toBe(1);
    for (const name of ['TOKEN_KEYS', 'SMTP_URL', 'ENCRYPTION_KEYS', 'LOOKUP_KEY', 'PORT']) expect(output).toContain(`  ${name}: `);
    expect(output).not.toContain('DATABASE_URL');
    for (const value of [zeros, 'not base64!', 'eighty', 'hidden-password']) expect(output).not.toContain(value);
    expect(output).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['EMBEDDED', 'true'],
    ['ENCRYPTION_KEYS', `k:${zeros}`],
    ['LOOKUP_KEY', zeros],
    ['TOKEN_KEYS', `k:${randomBytes(32).toString('base64')}`],
  ])('%s, weak or for other occasions, is refused in production', async (name, value) => {
    const { exitCode, output } = await runToEnd('main', { ...good, [name]: value });
    expect({ exitCode, named: output.includes(`  ${name}: `), shown: output.includes(value.slice(2)) && name !== 'EMBEDDED' }).toEqual({
      exitCode: 1,
      named: true,
      shown: false,
    });
  });
});

describe('migrations', () => {
  let database: Database;
  let empty: string;

  beforeAll(async () => {
    database = await openTestDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(`CREATE DATABASE ${database.name}_empty`);
    await client.end();
    empty = database.url.replace(database.name, `${database.name}_empty`);
  });
  afterAll(async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(`DROP DATABASE ${database.name}_empty WITH (FORCE)`);
    await client.end();
    await database.drop();
  });

  it('are named by an API and a worker that find an empty database', async () => {
    const environment = testEnvironment({ DATABASE_URL: empty, PORT: String(await freePort()), METRICS_PORT: String(await freePort()) });
    for (const entry of ['main', 'worker'] as const) {
      const { exitCode, output } = await runToEnd(entry, environment);
      expect(exitCode).toBe(1);
      expect(output).toContain('node dist/migrate.js');
    }
  });

  it('need DATABASE_URL alone, may run at the same time, and do nothing the second time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-migrate-'));
    try {
      writeFileSync(join(folder, 'url'), `${empty}\n`);
      const runs = await Promise.all([
        runToEnd('migrate', { DATABASE_URL: empty }),
        runToEnd('migrate', { DATABASE_URL_FILE: join(folder, 'url') }),
      ]);
      expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(runs.map(({ output }) => /^(Migrated|The schema is up to date)/.exec(output)?.[1]).sort()).toEqual([
        'Migrated',
        'The schema is up to date',
      ]);
      expect(await runToEnd('migrate', { DATABASE_URL: empty })).toEqual({ exitCode: 0, output: 'The schema is up to date.\n' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('end with 1 without a database, and with none that answers', async () => {
    expect(await runToEnd('migrate', {})).toMatchObject({ exitCode: 1, output: expect.stringContaining('DATABASE_URL: is required') });
    const away = await runToEnd('migrate', { DATABASE_URL: 'postgres://posthorn:hidden-password@127.0.0.1:1/none' });
    expect(away.exitCode).toBe(1);
    expect(away.output).not.toContain('hidden-password');
  });
});
