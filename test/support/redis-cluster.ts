import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { reservePorts } from '../../src/local/free-port';
import { startLocalRedis } from '../../src/local/local-redis';
import { eventually } from './eventually';
import { REDIS_PACKAGE } from './services';

const SLOTS = 16_384;
const NODES = 3;

/** A Redis Cluster of three nodes on this machine, each with a third of the slots, without replicas. */
export async function startRedisCluster() {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-cluster-'));
  // A node that dies takes its third with it, not the whole cluster.
  const settings = ['cluster-enabled yes', 'cluster-node-timeout 1000', 'cluster-require-full-coverage no'];
  // On which nodes talk to each other. By default the other port plus 10,000, which an outgoing connection may have.
  const bus = Object.values(await reservePorts({ 0: [], 1: [], 2: [] }));
  const startNode = (n: number, port?: number) =>
    startLocalRedis({
      directory: join(folder, String(n)),
      packageDirectory: REDIS_PACKAGE,
      settings: [...settings, `cluster-port ${bus[n]!}`],
      ...(port === undefined ? {} : { port }),
    });
  const started = await Promise.allSettled(Array.from({ length: NODES }, (_, n) => startNode(n)));
  const nodes = started.flatMap((node) => (node.status === 'fulfilled' ? [node.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  const missing = started.find((node) => node.status === 'rejected');
  if (missing) {
    await stop();
    throw missing.reason;
  }
  const clients = nodes.map(({ url }) => new Redis(url));
  const [first] = clients;
  await Promise.all(
    clients.map((client, n) => client.cluster('ADDSLOTSRANGE', Math.ceil((n * SLOTS) / NODES), Math.ceil(((n + 1) * SLOTS) / NODES) - 1)),
  );
  for (const [n, { port }] of nodes.slice(1).entries()) await first!.call('CLUSTER', 'MEET', '127.0.0.1', port, bus[n + 1]!);
  const isComplete = async (client: Redis) => /cluster_slots_ok:16384\r\n[^]*cluster_known_nodes:3\r/.test(await client.cluster('INFO'));
  await eventually(async () => (await Promise.all(clients.map(isComplete))).every(Boolean), {
    within: 30_000,
    what: 'the cluster is complete',
  });
  clients.forEach((client) => {
    client.disconnect();
  });

  return {
    urls: nodes.map(({ url }) => url),
    /** Keys that a node holds. */
    async keysOf(n: number): Promise<string[]> {
      const client = new Redis(nodes[n]!.url);
      try {
        return await client.keys('*');
      } finally {
        client.disconnect();
      }
    },
    async kill(n: number): Promise<void> {
      nodes[n]!.kill();
      await nodes[n]!.exited;
    },
    stop,
  };
}
