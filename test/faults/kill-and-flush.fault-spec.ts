import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { type LocalRedis, startLocalRedis } from '../../src/local/local-redis';
import { signUp } from '../support/accounts';
import { startTestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';
import { startReceiver } from '../support/receiver';
import { REDIS_PACKAGE } from '../support/services';
import { addEndpoint, send } from '../support/webhooks';

const MESSAGES = 1_000;
const ENDPOINTS = 3;
const DELIVERIES = MESSAGES * ENDPOINTS;
const MAX_IN_FLIGHT = 60;
const SETTLED_MS = 60_000;

/** The test's promise to itself: whatever happens in between, what was begun is undone. */
const undo: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

async function flushAll(redis: LocalRedis): Promise<void> {
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
}

it(
  `${MESSAGES} messages reach all ${ENDPOINTS} endpoints though the worker is killed and Redis is wiped, killed and comes back empty`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-fault-'));
    undo.push(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const startRedis = (port?: number) =>
      startLocalRedis({ directory: folder, packageDirectory: REDIS_PACKAGE, ...(port === undefined ? {} : { port }) });
    let redis = await startRedis();
    undo.push(() => redis.stop());
    const app = await startTestApp({ env: { REDIS_URL: redis.url, DELIVERY_MAX_IN_FLIGHT: String(MAX_IN_FLIGHT) } });
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    let worker = await startProcess('worker', app.environment);
    undo.push(() => worker.stop());

    const ann = await signUp(app);
    const { body: application } = await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' });
    for (let n = 0; n < ENDPOINTS; n++) await addEndpoint(ann, application.id, receiver.urlFor(`/${n}`));
    // Slow enough that requests are in flight when the worker dies.
    receiver.answerBy(() => ({ status: 200, delayMs: 5 }));

    // Handed in without a pause while everything behind the API dies: each answer must be 202.
    const accepted = new Set<string>();
    const sender = async (first: number) => {
      for (let n = first; n < MESSAGES; n += 10) accepted.add(await send(ann, application.id, n));
    };
    const sending = Promise.all(Array.from({ length: 10 }, (_, first) => sender(first)));

    await receiver.received(DELIVERIES / 4, SETTLED_MS);
    await flushAll(redis);
    await worker.kill();
    redis.kill();
    await redis.exited;
    await sending;
    expect(accepted.size).toBe(MESSAGES);

    redis = await startRedis(redis.port);
    worker = await startProcess('worker', app.environment);
    await flushAll(redis);

    const arrived = () => new Set(receiver.requests.map(({ path, headers }) => `${String(headers['webhook-id'])} ${path}`));
    await eventually(() => arrived().size >= DELIVERIES, { within: SETTLED_MS, what: 'every message at every endpoint' });

    const expected = [...accepted].flatMap((id) => Array.from({ length: ENDPOINTS }, (_, n) => `${id} /${n}`));
    expect(arrived()).toEqual(new Set(expected));
    // What the dead worker had in flight is sent again; nothing else is.
    expect(receiver.requests.length - DELIVERIES).toBeLessThanOrEqual(MAX_IN_FLIGHT);

    const database = app.http.get(DataSource);
    const statuses = () =>
      database.query<{ status: number; count: number }[]>('SELECT status, count(*)::int AS count FROM delivery GROUP BY status');
    await eventually(async () => isDeepStrictEqual(await statuses(), [{ status: 0, count: DELIVERIES }]), {
      what: 'one final state for each delivery',
    });
  },
  3 * SETTLED_MS,
);

it(
  'a wiped Redis costs no duplicate, however often',
  async () => {
    const redis = await startLocalRedis({ directory: mkdtempSync(join(tmpdir(), 'posthorn-fault-')), packageDirectory: REDIS_PACKAGE });
    undo.push(() => redis.stop());
    const app = await startTestApp({ worker: true, env: { REDIS_URL: redis.url } });
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    const ann = await signUp(app);
    const { body: application } = await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' });
    await addEndpoint(ann, application.id, receiver.url);

    for (let n = 0; n < 300; n++) {
      await send(ann, application.id, n);
      if (n % 10 === 0) await flushAll(redis);
    }
    await receiver.received(300, SETTLED_MS);
    const database = app.http.get(DataSource);
    await eventually(async () => isDeepStrictEqual(await database.query('SELECT 1 FROM pending_delivery'), []));
    expect(receiver.requests).toHaveLength(300);
  },
  2 * SETTLED_MS,
);
