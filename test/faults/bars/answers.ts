import { performance } from 'node:perf_hooks';
import { request } from 'undici';
import { percentile } from '../../../bench/support/report';
import { startReceiver } from '../../support/receiver';
import { startCluster } from '../chaos/cluster';
import { listenIn } from '../chaos/stage';
import { atMost, type Bar } from './bar';

type Answer = { readonly status: number | 'none'; readonly ms: number; readonly retryAfter: boolean };

const CLIENTS = 4;
const ASK_MS = 5_000;
/** Who waits so long takes it for a hang. */
const GIVE_UP_MS = 15_000;

/** B4: what clients are told while PostgreSQL or Redis is away, or takes connections and answers nothing. */
export async function answers(): Promise<Bar[]> {
  const [cluster, receiver] = await Promise.all([startCluster({ apis: 1, workers: 1 }), startReceiver()]);
  try {
    const { appId, apiKey } = await listenIn(cluster, [receiver.url]);
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const message = JSON.stringify({ eventType: 'invoice.paid', payload: {} });
    const send = { method: 'POST', path: `/app/${appId}/msg`, body: message } as const;
    const requests = [send, { method: 'GET', path: '/app' }, send, { method: 'GET', path: `/app/${appId}/msg` }] as const;
    const once = async ({ path, ...rest }: (typeof requests)[number]): Promise<Answer> => {
      const start = performance.now();
      try {
        const reply = await request(`${cluster.urlOf(0)}/api/v1${path}`, { ...rest, headers, signal: AbortSignal.timeout(GIVE_UP_MS) });
        await reply.body.dump();
        return { status: reply.statusCode, ms: performance.now() - start, retryAfter: 'retry-after' in reply.headers };
      } catch {
        return { status: 'none', ms: performance.now() - start, retryAfter: false };
      }
    };
    /** For a while, one request of each client after the other. */
    const ask = async (): Promise<Answer[]> => {
      const end = performance.now() + ASK_MS;
      const all: Answer[] = [];
      const client = async (first: number) => {
        for (let n = first; performance.now() < end; n++) all.push(await once(requests[n % requests.length]!));
      };
      await Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(n)));
      return all;
    };
    const without = (what: string, found: readonly Answer[]) => {
      const wrong = found.filter(({ status, retryAfter }) => status !== 503 || !retryAfter).length;
      return [
        atMost('B4', `PostgreSQL ${what}: the slowest answer`, {
          measured: Math.max(...found.map(({ ms }) => ms)) / 1_000,
          limit: 3,
          unit: 's',
        }),
        atMost('B4', `PostgreSQL ${what}: of ${found.length} answers, other than 503 with Retry-After`, { measured: wrong, limit: 0 }),
      ];
    };
    await ask();
    const usual = p99(await ask());
    const beside = (what: string, found: readonly Answer[]) => {
      const wrong = found.filter(({ status }) => status === 'none' || status >= 300).length;
      return [
        atMost('B4', `Redis ${what}: p99, usually ${usual.toFixed(0)} ms`, { measured: p99(found) / usual, limit: 2, unit: '×' }),
        atMost('B4', `Redis ${what}: of ${found.length} answers, other than 2xx`, { measured: wrong, limit: 0 }),
      ];
    };

    await cluster.redis.leave();
    const bars = beside('is away', await ask());
    await cluster.redis.comeBack();
    cluster.redis.freeze();
    bars.push(...beside('hangs', await ask()));
    cluster.redis.thaw();
    const thaw = cluster.database.freeze();
    bars.push(...without('hangs', await ask()));
    thaw();
    await cluster.database.leave();
    bars.push(...without('is away', await ask()));
    await cluster.database.comeBack();
    return bars;
  } finally {
    await receiver.stop();
    await cluster.stop();
  }
}

const p99 = (found: readonly Answer[]): number =>
  percentile(
    found.map(({ ms }) => ms),
    99,
  );
