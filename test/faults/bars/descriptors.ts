import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { startReceiver } from '../../support/receiver';
import { startCluster } from '../chaos/cluster';
import { listenIn, settled } from '../chaos/stage';
import { atMost, type Bar } from './bar';

/** Each wants a connection of its own. */
const RECEIVERS = 20;
const MESSAGES = 60;
/** Beyond what a process has open already. */
const LEFT = 4;
const HELD_MS = 3_000;

/** Row 18: processes that may open hardly a file or a connection more, until they may again. */
export async function descriptors(): Promise<Bar[]> {
  const [cluster, ...receivers] = await Promise.all([
    startCluster({ apis: 1, workers: 1 }),
    ...Array.from({ length: RECEIVERS }, () => startReceiver()),
  ]);
  try {
    for (const receiver of receivers) receiver.answerBy(() => ({ status: 200, delayMs: 100 }));
    const { appId, apiKey } = await listenIn(
      cluster,
      receivers.map(({ url }) => url),
    );
    const handIn = async (n: number): Promise<number | 'none'> => {
      try {
        const reply = await request(`${cluster.urlOf(0)}/api/v1/app/${appId}/msg`, {
          method: 'POST',
          headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({ eventType: 'a', payload: { n } }),
          signal: AbortSignal.timeout(10_000),
        });
        await reply.body.dump();
        return reply.statusCode;
      } catch {
        return 'none';
      }
    };
    const pids = [cluster.apis[0]!.pid, cluster.workers[0]!.pid];
    const lift = pids.map((pid) => narrow(pid));
    const answers = await Promise.all(Array.from({ length: MESSAGES }, (_, n) => handIn(n)));
    await pause(HELD_MS);
    for (const one of lift) one();
    answers.push(await handIn(MESSAGES));
    const since = performance.now();
    await settled(cluster);
    const seconds = (performance.now() - since) / 1_000;
    const accepted = answers.filter((answer) => answer === 202).length;
    const arrived = receivers.map(({ requests }) => new Set(requests.map(({ headers }) => headers['webhook-id'])).size);
    return [
      atMost('row 18', `without file descriptors: of ${accepted} messages to ${RECEIVERS} receivers, lost`, {
        measured: arrived.reduce((sum, count) => sum + Math.max(0, accepted - count), 0),
        limit: 0,
      }),
      atMost('row 18', 'answers that are neither 202 nor 503', {
        measured: answers.filter((answer) => answer !== 202 && answer !== 503 && answer !== 'none').length,
        limit: 0,
      }),
      atMost('row 18', 'all is delivered after there are some again', { measured: seconds, limit: 15, unit: 's' }),
      atMost('row 18', 'processes that ended by themselves', { measured: cluster.deaths, limit: 0 }),
    ];
  } finally {
    await Promise.all(receivers.map((receiver) => receiver.stop()));
    await cluster.stop();
  }
}

/** @returns what takes it back */
function narrow(pid: number): () => void {
  const limit = (soft: number | string) => void execFileSync('prlimit', ['--pid', String(pid), `--nofile=${soft}:`]);
  const before = execFileSync('prlimit', ['--pid', String(pid), '--nofile', '--noheadings', '--output', 'SOFT'], {
    encoding: 'utf8',
  }).trim();
  limit(readdirSync(`/proc/${pid}/fd`).length + LEFT);
  return () => limit(before);
}
