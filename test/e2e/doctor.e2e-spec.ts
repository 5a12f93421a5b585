import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Redis from 'ioredis';
import { Client } from 'pg';
import { FixedClock } from '../../src/platform/testing/fixed-clock';
import { examineDatabase } from '../../src/platform/doctor/examine-database';
import { examineRedis } from '../../src/platform/doctor/examine-redis';
import { openTestDatabase } from '../support/database';
import { type Environment, testEnvironment } from '../support/environment';
import { startTestRedis } from '../support/redis';

type Report = { healthy: boolean; findings: { check: string; level: string; detail: string }[] };

const DOCTOR = join(__dirname, '../../dist/doctor.js');

async function run(environment: Environment, ...args: string[]) {
  const child = spawn(process.execPath, [DOCTOR, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[exitCode], output, complaint] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { exitCode: exitCode as number, output: output + complaint };
}

async function examined(environment: Environment) {
  const { exitCode, output } = await run(environment, '--json');
  const { healthy, findings } = JSON.parse(output) as Report;
  return { exitCode, healthy, levels: Object.fromEntries(findings.map(({ check, level }) => [check, level])), output };
}

describe('doctor', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let client: Client;
  let environment: Environment;

  beforeAll(async () => {
    database = await openTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    environment = testEnvironment({ DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('finds an installation without workers well, with a warning, and says so in words and as JSON', async () => {
    const { exitCode, healthy, levels } = await examined({ ...environment, DELIVERY_ALLOW_CIDRS: '' });
    expect({ exitCode, healthy, levels }).toEqual({
      exitCode: 0,
      healthy: true,
      levels: {
        'keys.strength': 'ok',
        egress: 'ok',
        'public-url': 'ok',
        'database.version': 'ok',
        'database.clock': 'ok',
        'database.connections': 'ok',
        'database.role': 'ok',
        'database.schema': 'ok',
        'database.partitions': 'ok',
        'keys.ring': 'ok',
        workers: 'warning',
        redis: 'ok',
        'redis.eviction': 'ok',
        'redis.memory': 'ok',
      },
    });
    const { output } = await run({ ...environment, DELIVERY_ALLOW_CIDRS: '' });
    expect(output).toMatch(/^✓ database\.schema: .*$/m);
    expect(output).toMatch(/^! workers: No worker is alive/m);
  });

  it('shows no secret', async () => {
    const { output } = await run(environment, '--json');
    for (const secret of [
      new URL(database.url).password,
      ...['ENCRYPTION_KEYS', 'LOOKUP_KEY'].map((name) => environment[name]!.split(':').at(-1)!),
    ])
      expect(output).not.toContain(secret);
  });

  it.each([
    ['DATABASE_URL', 'postgres://posthorn:hidden-password@127.0.0.1:1/none', 'database'],
    ['REDIS_URL', 'redis://:hidden-password@127.0.0.1:1', 'redis'],
    ['LOOKUP_KEY', 'hidden-password', 'environment'],
  ])('tells that %s leads nowhere', async (name, value, check) => {
    const { exitCode, levels, output } = await examined({ ...environment, [name]: value });
    expect({ exitCode, level: levels[check] }).toEqual({ exitCode: 1, level: 'problem' });
    expect(output).not.toContain('hidden-password');
  });

  describe('of the database', () => {
    const find = async (settings: object = {}, now = new Date()) => {
      const findings = await examineDatabase(
        { url: database.url, poolSize: 10, keyIds: ['test'], silenceSeconds: 1, ...settings },
        new FixedClock(now),
      );
      return Object.fromEntries(findings.map(({ check, level }) => [check, level]));
    };

    it.each([
      [0, 'ok'],
      [8_000, 'warning'],
      [-60_000, 'problem'],
    ])('notices a clock that is off by %d ms: %s', async (ms, level) => {
      expect(await find({}, new Date(Date.now() + ms))).toMatchObject({ 'database.clock': level });
    });

    it('adds up connections', async () => {
      expect(await find({ poolSize: 5_000 })).toMatchObject({ 'database.connections': 'problem' });
    });

    it('misses a key that data is encrypted under, and warns of one that is to go', async () => {
      await client.query(`INSERT INTO data_key (scope, key_ring_id, wrapped) VALUES ('org_1', 'k1', '\\x00')`);
      expect(await find({ keyIds: ['k2'] })).toMatchObject({ 'keys.ring': 'problem' });
      expect(await find({ keyIds: ['k2', 'k1'] })).toMatchObject({ 'keys.ring': 'warning' });
      expect(await find({ keyIds: ['k1', 'k2'] })).toMatchObject({ 'keys.ring': 'ok' });
    });

    it('sees that partitions run out', async () => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT relname::text AS name FROM pg_class WHERE relname ~ '^attempt_2' AND relkind = 'r' ORDER BY 1 OFFSET 1 LIMIT 1`,
      );
      const tomorrow = `DROP TABLE ${rows[0]!.name}`;
      await client.query(tomorrow);
      expect(await find()).toMatchObject({ 'database.partitions': 'problem' });
    });

    it('sees that migrations are pending', async () => {
      await client.query('DELETE FROM migration WHERE id = (SELECT max(id) FROM migration)');
      expect(await find()).toMatchObject({ 'database.schema': 'problem' });
    });
  });
});

it('the eviction policy that would lose bells is a problem', async () => {
  // Of its own: alerts of others would tell of it.
  const server = await startTestRedis();
  const redis = new Redis(server.url);
  const levels = async () =>
    Object.fromEntries((await examineRedis({ urls: [server.url], cluster: false })).map(({ check, level }) => [check, level]));
  try {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await levels()).toMatchObject({ 'redis.eviction': 'problem', 'redis.memory': 'ok' });
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    await redis.config('SET', 'maxmemory', '1');
    expect(await levels()).toMatchObject({ 'redis.eviction': 'ok', 'redis.memory': 'warning' });
  } finally {
    redis.disconnect();
    await server.stop();
  }
});
