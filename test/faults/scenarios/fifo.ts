import { DataSource } from 'typeorm';
import { signUp } from '../../support/accounts';
import { startTestApp } from '../../support/app';
import { eventually } from '../../support/eventually';
import { startProcess } from '../../support/processes';
import { type ReceivedRequest, startReceiver } from '../../support/receiver';
import { type Listener, listenAt, send } from '../../support/webhooks';

export const FIFO_ENDPOINTS = 20;
export const KILLS = 2;

/** Every fourth endpoint is slow, every third fails now and then, one of them for a while without a break. */
function answerOf(endpoint: number, arrival: number) {
  const failing = endpoint === 3 ? arrival >= 5 && arrival < 12 : endpoint % 3 === 0 && arrival % 7 === 3;
  return { status: failing ? 500 : 200, delayMs: endpoint % 4 === 0 ? 15 : 0 };
}

/** Long enough for so many messages to arrive one after the other. */
export const patienceFor = (messages: number): number => 60_000 + messages * 60;

/** So many messages to endpoints that want an order, while receivers fail and workers are killed. */
export async function deliverInOrder(messages: number) {
  const undo: (() => unknown)[] = [];
  const within = patienceFor(messages);
  try {
    const app = await startTestApp({ env: { DELIVERY_RETRY_SCHEDULE: Array(20).fill('0').join(','), API_RATE_LIMIT: '0' } });
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    let workers = [await startProcess('worker', app.environment), await startProcess('worker', app.environment)] as const;
    undo.push(() => Promise.all(workers.map((worker) => worker.kill())));

    const ann = await signUp(app);
    const listeners: Listener[] = [];
    for (let n = 0; n < FIFO_ENDPOINTS; n++) listeners.push(await listenAt(ann, receiver.urlFor(`/${n}`), { ordering: 'fifo' }));
    const underWay = new Map<string, number>();
    let overlaps = 0;
    const arrivals = new Map<string, number>();
    receiver.answerBy(({ path }) => {
      const arrival = arrivals.get(path) ?? 0;
      arrivals.set(path, arrival + 1);
      underWay.set(path, (underWay.get(path) ?? 0) + 1);
      if (underWay.get(path)! > 1) overlaps++;
      const answer = answerOf(Number(path.slice(1)), arrival);
      setTimeout(() => underWay.set(path, underWay.get(path)! - 1), answer.delayMs);
      return answer;
    });

    // Each endpoint has a sender that waits for each answer, so that there is one order, and messages of all are planned together.
    const perEndpoint = Math.ceil(messages / FIFO_ENDPOINTS);
    const sending = Promise.all(
      listeners.map(async ({ appId }) => {
        for (let n = 0; n < perEndpoint; n++) await send(ann, appId, n);
      }),
    );
    for (let kill = 1; kill <= KILLS; kill++) {
      await receiver.received(Math.floor((messages / (KILLS + 1)) * kill), within);
      await workers[0].kill();
      workers = [workers[1], await startProcess('worker', app.environment)] as const;
    }
    await sending;
    const database = app.http.get(DataSource);
    await eventually(
      async () => {
        const [row] = await database.query<{ open: string }[]>(
          'SELECT (SELECT count(*) FROM message_outbox) + (SELECT count(*) FROM pending_delivery) AS open',
        );
        return Number(row?.open) === 0;
      },
      { within, what: 'nothing is under way' },
    );

    const [row] = await database.query<{ failed: number }[]>('SELECT count(*)::int AS failed FROM settled_delivery WHERE status <> 0');
    return {
      /** Endpoints, with what came to them without what came again at once: it had failed, or its worker died before it knew. */
      disordered: [...listeners.keys()]
        .map((endpoint) => {
          const numbers = receiver.requests.filter(({ path }) => path === `/${endpoint}`).map(numberOf);
          return { endpoint, numbers: numbers.filter((n, index) => n !== numbers[index - 1]) };
        })
        .filter(({ numbers }) => numbers.length !== perEndpoint || numbers.some((n, index) => n !== index)),
      overlaps,
      failed: row!.failed,
    };
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

function numberOf({ body }: ReceivedRequest): number {
  return (JSON.parse(body.toString()) as { n: number }).n;
}
