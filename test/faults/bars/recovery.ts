import { performance } from 'node:perf_hooks';
import { expected } from '../../support/accounts';
import { startReceiver } from '../../support/receiver';
import { send } from '../../support/webhooks';
import { MAX_IN_FLIGHT, startCluster } from '../chaos/cluster';
import { listenIn, settled } from '../chaos/stage';
import { atMost, type Bar } from './bar';

/** Together they allow more at once than one worker has room for, so that each worker has its part. */
const ENDPOINTS = 4;
const MESSAGES = 40;
/** Of each answer, so that requests are under way when something happens. */
const DELAY_MS = 500;

/** B3: from the fault, or its end, until everything that was due has been delivered and written down. */
export async function recovery(): Promise<Bar[]> {
  const [cluster, receiver] = await Promise.all([startCluster(), startReceiver()]);
  try {
    receiver.answerBy(() => ({ status: 200, delayMs: DELAY_MS }));
    const { appId, organization } = await listenIn(
      cluster,
      Array.from({ length: ENDPOINTS }, (_, n) => receiver.urlFor(`/${n}`)),
    );
    const handIn = () => Promise.all(Array.from({ length: MESSAGES }, (_, n) => send({ organization }, appId, n)));
    const after = async (what: string, limit: number, fault: () => unknown) => {
      const before = receiver.requests.length;
      await handIn();
      await receiver.received(before + 10);
      await fault();
      const since = performance.now();
      await settled(cluster);
      return atMost('B3', `all is delivered after ${what}`, { measured: (performance.now() - since) / 1_000, limit, unit: 's' });
    };

    await after('nothing, but all of it for the first time', 0, () => undefined);
    const bars = [
      await after('Redis was wiped', 5, () => cluster.redis.wipe()),
      await after('Redis went away', 5, () => cluster.redis.leave()),
      await after('messages came without Redis', 5, () => undefined),
      await after('Redis came back', 5, () => cluster.redis.comeBack()),
      await after('Redis refused to write', 5, () => cluster.redis.refuseWrites(true)),
      await after('messages came while it did', 5, () => undefined),
      await after('Redis writes again', 5, () => cluster.redis.refuseWrites(false)),
      await after('PostgreSQL crashed and answers again', 10, () => cluster.faults.crashPostgres()),
      await after('a worker was killed', 15, async () => {
        const release = receiver.hold();
        const before = receiver.requests.length;
        await handIn();
        await receiver.received(before + MAX_IN_FLIGHT + 1);
        await cluster.workers[0]!.kill();
        release();
      }),
    ];
    expected(200, await organization('GET', `/app/${appId}`));
    return bars;
  } finally {
    await receiver.stop();
    await cluster.stop();
  }
}
