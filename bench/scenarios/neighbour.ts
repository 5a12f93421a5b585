import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually';
import { type Posthorn, startPosthorn } from '../support/posthorn';
import { type Figure, median, percentile } from '../support/report';
import { sender } from '../support/sender';

const HEALTHY = 50;
const BACKLOG = 10_000;
const BATCH = 500;
const ROUNDS = 3;
const MESSAGES = 500;
const PER_SECOND = 50;

type Headers = Awaited<ReturnType<typeof sender>>['headers'];
type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** From the request of the sender to the first attempt, at 50 endpoints: alone, and beside one that never answers and has a backlog of 10,000. */
export async function neighbour(): Promise<Figure[]> {
  const posthorn = await startPosthorn();
  const receiver = await startReceiver();
  try {
    const { headers } = await sender(posthorn);
    const listen = async (path: string) => {
      const app = `/app/${String((await posthorn.post('/app', { name: path }, headers)).body['id'])}`;
      await posthorn.post(`${app}/endpoint`, { url: receiver.url + path }, headers);
      return app;
    };
    const healthy = await Promise.all(Array.from({ length: HEALTHY }, (_, n) => listen(`/${n}`)));
    const hanging = await listen('/hang');

    const p95 = async () => percentile(await latencies(posthorn, receiver, healthy, headers), 95);
    await p95();
    const alone: number[] = [];
    for (let round = 0; round < ROUNDS; round++) alone.push(await p95());
    const messages = Array.from({ length: BATCH }, () => ({ eventType: 'a.b', payload: {} }));
    for (let n = 0; n < BACKLOG; n += BATCH) await posthorn.post(`${hanging}/msg/batch`, { messages }, headers);
    const beside: number[] = [];
    for (let round = 0; round < ROUNDS; round++) beside.push(await p95());
    return [
      { what: 'first attempt, p95 alone', value: median(alone), unit: 'ms' },
      { what: `first attempt, p95 beside a backlog of ${BACKLOG} at an endpoint that hangs`, value: median(beside), unit: 'ms' },
      { what: 'first attempt, p95 ratio', value: median(beside) / median(alone), unit: '×', target: 2 },
    ];
  } finally {
    await receiver.stop();
    await posthorn.stop();
  }
}

/** At a steady rate, to the endpoints in turns. @returns ms to the first attempt of each message */
async function latencies(posthorn: Posthorn, receiver: Receiver, applications: readonly string[], headers: Headers): Promise<number[]> {
  receiver.latencies.length = 0;
  const start = performance.now();
  const sent: Promise<unknown>[] = [];
  for (let n = 0; n < MESSAGES; n++) {
    await pause(Math.max(0, start + (n * 1_000) / PER_SECOND - performance.now()));
    const message = { eventType: 'a.b', payload: { at: performance.now() } };
    sent.push(posthorn.post(`${applications[n % applications.length]!}/msg`, message, headers));
  }
  await Promise.all(sent);
  await eventually(() => receiver.latencies.length === MESSAGES, { within: 60_000, what: 'all first attempts' });
  return receiver.latencies;
}

/** Answers at once, except under `/hang`, where it never does. */
async function startReceiver() {
  const latencies: number[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/hang') return;
    const arrived = performance.now();
    void json(request).then((body) => {
      latencies.push(arrived - (body as { at: number }).at);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    latencies,
    async stop(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
