import { eventually } from '../../test/support/eventually';
import type { Load } from '../processes/load';
import type { Subscriber } from '../processes/subscriber';
import type { Bench } from './bench';
import { type Child, startChild } from './child';
import { Pipe, type System } from './flow';
import { type Cost, metered } from './meter';
import { type Posthorn, type ProcessOptions, startPosthorn } from './posthorn';
import { owner } from './sender';

/** Applications, and endpoints of each. */
export type Shape = { readonly applications: number; readonly endpoints: number };

export type Stage = {
  readonly bench: Bench;
  readonly load: Child<Load>;
  readonly subscriber: Child<Subscriber>;
  readonly subscriberUrl: string;
  readonly pipe: Pipe;
};

/** A load generator and a subscriber in processes of their own, for as long as the play takes. */
export async function onStage<T>(bench: Bench, play: (stage: Stage) => Promise<T>): Promise<T> {
  const [load, subscriber] = await Promise.all([startChild<Load>('load'), startChild<Subscriber>('subscriber')]);
  try {
    return await play({ bench, load, subscriber, subscriberUrl: await subscriber.call('url'), pipe: new Pipe(load, subscriber) });
  } finally {
    await Promise.all([load.stop(), subscriber.stop()]);
  }
}

export type Started = {
  readonly posthorn: Posthorn;
  readonly system: System;
  /** What Posthorn, PostgreSQL and Redis pay for the work. */
  metered<T>(work: () => Promise<T>): Promise<{ result: T; cost: Cost }>;
  /** Until nothing is pending: what arrived has been written down. */
  settled(): Promise<void>;
};

/** A Posthorn with applications whose endpoints are paths of the subscriber. */
export async function startSystem(
  { bench: { options, services }, subscriberUrl }: Stage,
  { applications, endpoints }: Shape,
  { name = 'posthorn', workers = options.workers, ...running }: ProcessOptions & { readonly name?: string; readonly workers?: number } = {},
): Promise<Started> {
  const posthorn = await startPosthorn({}, { workers: Math.max(1, workers), ...running });
  try {
    const authorization = await owner(posthorn);
    await eventually(async () => (await posthorn.post('/app', { name: 'first' }, authorization)).status === 201);
    const key = (await posthorn.post('/api-key', { name: 'bench' }, authorization)).body as { token: string };
    const headers = { authorization: `Bearer ${key.token}`, 'content-type': 'application/json' };
    const paths: string[] = [];
    for (let a = 0; a < applications; a++) {
      const { id } = (await posthorn.post('/app', { name: `app ${a}` }, headers)).body as { id: string };
      for (let e = 0; e < endpoints; e++)
        await posthorn.post(`/app/${id}/endpoint`, { url: `${subscriberUrl}/${name}/${a}-${e}` }, headers);
      paths.push(`/api/v1/app/${id}/msg`);
    }
    const origin = new URL(posthorn.url).origin;
    return {
      posthorn,
      system: { url: origin, headers, paths, endpoints, name },
      metered: (work) => {
        const pids = () => ({ API: [posthorn.api.pid], worker: posthorn.workers.map(({ pid }) => pid) });
        return metered(services, { databaseUrl: posthorn.databaseUrl, pids }, work);
      },
      settled: async () => {
        const busy = 'SELECT 1 FROM (SELECT 1 FROM message_outbox UNION ALL SELECT 1 FROM pending_delivery) waiting LIMIT 1';
        await eventually(async () => (await posthorn.sql(busy)).length === 0, { within: 60_000, what: 'nothing is pending' });
      },
    };
  } catch (error) {
    await posthorn.stop();
    throw error;
  }
}
