import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { reservePorts } from '../../src/local/free-port';
import { callerAt, expected } from '../support/accounts';
import { blocksOf } from '../support/document';
import { eventually } from '../support/eventually';
import { rules } from '../support/monitoring';
import { nginxWith } from '../support/nginx';
import { pace } from '../support/pace';
import { type Prometheus, startPrometheus } from '../support/prometheus';
import { type Receiver, startReceiver } from '../support/receiver';
import { startServices } from '../support/services';
import { startMailServer, tokenIn } from '../support/smtp';
import { addEndpoint } from '../support/webhooks';

const PROJECT = resolve(__dirname, '../..');
const blocks = blocksOf('docs/operate.md');
const only = (kind: string): string => blocks.find(({ language, info }) => `${language} ${info}` === kind)!.text;

/** Twelve seconds of silence, or a start on a busy machine. */
const SEEN_MS = 90_000;

jest.setTimeout(240_000);

/** A newcomer with an empty folder, a PostgreSQL, a Redis, nginx, and docs/operate.md. One story: each test goes on where the one before it ended. */
describe('docs/operate.md, followed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-operate-'));
  const running = new Map<string, ChildProcess>();
  const undo: (() => unknown)[] = [];
  const accepted: string[] = [];
  let here: (text: string) => string;
  let prometheus: Prometheus;
  let receiver: Receiver;
  let mail: Awaited<ReturnType<typeof startMailServer>>;
  let url: string;
  let send: () => Promise<number>;

  const run = (script: string) => execFileSync('bash', ['-euc', script], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  const inEnvironment = (command: string) => `set -a; . ./posthorn.env; set +a\n${command}`;
  const commands = () => only('sh processes').trim().split('\n');
  const begin = (command: string) => {
    const local = here(command).replace('node ', 'exec node ');
    const env = { ...process.env, DELIVERY_ALLOW_CIDRS: '127.0.0.0/8', LOG_LEVEL: 'silent' };
    running.set(command, spawn('bash', ['-euc', inEnvironment(local)], { cwd: folder, env, stdio: 'ignore' }));
  };
  const kill = async (command: string) => {
    const process = running.get(command)!;
    process.kill('SIGKILL');
    await once(process, 'exit');
  };
  const apis = () => commands().filter((command) => command.includes('main.js'));
  const workers = () => commands().filter((command) => command.includes('worker.js'));
  const becomes = (expression: string, value: number) =>
    eventually(async () => (await prometheus.value(expression)) === value, { within: SEEN_MS, what: `${expression} is ${value}` });

  beforeAll(async () => {
    undo.push(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const services = await startServices();
    undo.push(() => services.stop());
    mail = await startMailServer();
    undo.push(() => mail.stop());
    receiver = await startReceiver();
    undo.push(() => receiver.stop());
    // What `npm ci && npm run build` leaves in the folder.
    for (const name of ['dist', 'docker', 'node_modules', 'package.json']) symlinkSync(join(PROJECT, name), join(folder, name));

    const ports = await reservePorts({ '3000': [], '3010': [], '9464': [], '9465': [], '9466': [], '9467': [], '80': [] });
    const elsewhere: readonly (readonly [RegExp, string])[] = [
      [/postgres:\/\/posthorn:password@127\.0\.0\.1:5432\/posthorn/g, services.postgres.url],
      [/redis:\/\/127\.0\.0\.1:6379/g, services.redis.url],
      [/smtp:\/\/127\.0\.0\.1:25\b/g, mail.url],
      ...Object.entries(ports).map(
        ([known, free]) => [new RegExp(`(127\\.0\\.0\\.1:|PORT=|listen )${known}\\b`, 'g'), `$1${free}`] as const,
      ),
    ];
    here = (text) => elsewhere.reduce((changed, [known, mine]) => changed.replace(known, mine), text);
    url = `http://127.0.0.1:${ports['80']}`;
  });

  afterAll(async () => {
    for (const process of running.values()) process.kill('SIGKILL');
    for (const step of undo.reverse()) await step();
  });

  it('brings an environment, a schema and a doctor who finds nothing wrong', () => {
    const [settings, prepare] = blocks.filter(({ info }) => info === 'run');
    run(here(settings!.text));
    expect(run(prepare!.text)).toMatch(/Migrated: [^]*✓ database\.schema/);
  });

  it('starts two APIs and two workers behind nginx, and Prometheus sees all of them', async () => {
    expect([apis().length, workers().length]).toEqual([2, 2]);
    commands().forEach(begin);
    const nginx = nginxWith(here(readFileSync(join(folder, 'docker/nginx/posthorn.conf'), 'utf8'))).start();
    undo.push(() => nginx.stop());
    const { scrape_configs: scrapes } = parse(here(only('yaml prometheus'))) as {
      scrape_configs: { static_configs: { targets: string[] }[] }[];
    };
    prometheus = await startPrometheus({ targets: scrapes[0]!.static_configs[0]!.targets, rules });
    undo.push(() => prometheus.stop());
    await becomes('sum(up)', 4);
    await becomes('max(posthorn_workers_active)', 2);
    expect((await prometheus.query('posthorn_build_info{role="api"}')).length).toBe(2);
  });

  it('makes the first account through nginx, and delivers its messages', async () => {
    const [, , register] = blocks.filter(({ info }) => info === 'run');
    run(here(register!.text));
    const token = tokenIn(await mail.mailTo('you@example.com'));
    const { accessToken } = expected(200, await callerAt(url)<{ accessToken: string }>('POST', '/auth/verify-email', { token }));
    const user = callerAt(url, accessToken);
    const { id: appId } = await eventually(async () => expected(201, await user<{ id: string }>('POST', '/app', { name: 'Acme' })));
    const { token: apiKey } = expected(201, await user<{ token: string }>('POST', '/api-key', { name: 'newcomer' }));
    const organization = callerAt(url, apiKey);
    await addEndpoint({ organization }, appId, receiver.url);
    send = async () => {
      const eventId = `e${accepted.length}`;
      const { status, body } = await organization<{ id: string }>('POST', `/app/${appId}/msg`, { eventType: 'a.b', eventId, payload: {} });
      accepted.push(body.id);
      return status;
    };
    expect(await send()).toBe(202);
    await receiver.received(1);
  });

  it.each([
    [0, 'max(posthorn_workers_active)', 1],
    [1, 'count(posthorn_build_info{role="worker"})', 1],
  ])('loses nothing when API and worker number %i are killed under load, and shows it in the metrics: %s is %i', async (n, seen, value) => {
    const statuses = new Set<number>();
    let over = false as boolean;
    const load = (async () => {
      while (!over) {
        statuses.add(await send());
        await pace();
      }
    })();
    const [api, worker] = [apis()[n]!, workers()[n]!];
    try {
      await kill(api);
      await kill(worker);
      await becomes('count(posthorn_build_info{role="api"})', 1);
      await becomes('sum(up)', 2);
      await becomes(seen, value);
      begin(api);
      begin(worker);
      await becomes('sum(up)', 4);
      await becomes('max(posthorn_workers_active)', 2);
    } finally {
      over = true;
      await load;
    }
    expect([...statuses]).toEqual([202]);
  });

  it('has brought every message that was accepted', async () => {
    const missing = () => {
      const arrived = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
      return accepted.filter((id) => !arrived.has(id));
    };
    await eventually(() => missing().length === 0, { within: SEEN_MS, what: 'every accepted message' });
    // An eventId keeps what nginx sent to both APIs from becoming two messages.
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(accepted.length);
  });

  it('ends with 0 when it is told to', async () => {
    for (const process of running.values()) process.kill('SIGTERM');
    const ends = await Promise.all(
      [...running.values()].map(async (process) => (process.exitCode === null ? once(process, 'exit') : [process.exitCode])),
    );
    expect(ends.map(([code]) => code as number)).toEqual([0, 0, 0, 0]);
  });
});

it('nginx finds the configuration of compose.scale.yml good', () => {
  nginxWith(readFileSync(join(PROJECT, 'docker/nginx/compose.conf'), 'utf8').replace('listen 80', 'listen 127.0.0.1:8080')).remove();
});
