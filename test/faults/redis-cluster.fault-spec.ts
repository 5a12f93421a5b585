import { examineRedis } from '../../src/platform/doctor/examine-redis';
import { type Account, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';
import { type Receiver, startReceiver } from '../support/receiver';
import { startRedisCluster } from '../support/redis-cluster';
import { listenAt, send } from '../support/webhooks';

const MESSAGES = 100;
const SETTLED_MS = 60_000;

jest.setTimeout(120_000);

/** One story: each test goes on where the one before it ended. */
describe('a Redis Cluster of three nodes', () => {
  const undo: (() => unknown)[] = [];
  let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
  let app: TestApp;
  let worker: Awaited<ReturnType<typeof startProcess>>;
  let receiver: Receiver;
  let ann: Account;
  let appId: string;

  const sendAll = async (): Promise<string[]> => Promise.all(Array.from({ length: MESSAGES }, (_, n) => send(ann, appId, n)));
  const arrived = (ids: readonly string[]) => {
    const seen = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
    return ids.every((id) => seen.has(id));
  };

  beforeAll(async () => {
    cluster = await startRedisCluster();
    undo.push(() => cluster.stop());
    app = await startTestApp({ env: { REDIS_URL: cluster.urls.slice(0, 2).join(), REDIS_CLUSTER: 'true' } });
    undo.push(() => app.stop());
    receiver = await startReceiver();
    undo.push(() => receiver.stop());
    worker = await startProcess('worker', app.environment);
    undo.push(() => worker.kill());
  });

  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });

  it('carries mails and deliveries; each queue is on one node, and all nodes have some', async () => {
    ann = await signUp(app);
    ({ appId } = await listenAt(ann, receiver.url));
    const ids = await sendAll();
    await eventually(() => arrived(ids), { within: SETTLED_MS, what: 'every message' });
    expect(receiver.requests).toHaveLength(MESSAGES);

    const keys = await Promise.all([0, 1, 2].map((n) => cluster.keysOf(n)));
    const prefix = app.environment['QUEUE_PREFIX']!;
    expect(keys.flat().filter((key) => !key.startsWith(`{${prefix}:`))).toEqual([]);
    expect(keys.filter(({ length }) => length === 0)).toEqual([]);
    const nodesOf = new Map<string, Set<number>>();
    keys.forEach((of, n) => of.forEach((key) => nodesOf.set(key.split('}')[0]!, new Set([...(nodesOf.get(key.split('}')[0]!) ?? []), n]))));
    expect([...nodesOf.values()].filter(({ size }) => size !== 1)).toEqual([]);
  });

  it('is found well by the doctor', async () => {
    const findings = await examineRedis({ urls: cluster.urls, cluster: true });
    expect(findings.map(({ check, level }) => `${check} ${level}`)).toEqual(['redis ok', 'redis.eviction ok', 'redis.memory ok']);
    expect(findings[0]!.detail).toContain('A cluster of 3 nodes');
  });

  it.each([0, 1, 2])('goes on delivering when node %i is killed: PostgreSQL knows what is due', async (n) => {
    await cluster.kill(n);
    const ids = await sendAll();
    await eventually(() => arrived(ids), { within: SETTLED_MS, what: 'every message' });
  });
});
