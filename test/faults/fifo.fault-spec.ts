import { DataSource } from 'typeorm';
import { signUp } from '../support/accounts';
import { startTestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';
import { type ReceivedRequest, startReceiver } from '../support/receiver';
import { type Listener, listenAt, send } from '../support/webhooks';

/** `FIFO_MESSAGES=10000` for the long form, a few minutes. */
const MESSAGES = Number(process.env['FIFO_MESSAGES'] ?? 1_000);
const ENDPOINTS = 20;
const KILLS = 2;
const SETTLED_MS = 60_000 + MESSAGES * 60;

const undo: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

/** Every fourth endpoint is slow, every third fails now and then, one of them for a while without a break. */
function answerOf(endpoint: number, arrival: number) {
  const failing = endpoint === 3 ? arrival >= 5 && arrival < 12 : endpoint % 3 === 0 && arrival % 7 === 3;
  return { status: failing ? 500 : 200, delayMs: endpoint % 4 === 0 ? 15 : 0 };
}

it(
  `${MESSAGES} messages to ${ENDPOINTS} endpoints that want an order arrive in it, though receivers fail and workers are killed`,
  async () => {
    const app = await startTestApp({ env: { DELIVERY_RETRY_SCHEDULE: Array(20).fill('0').join(','), API_RATE_LIMIT: '0' } });
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    let workers = [await startProcess('worker', app.environment), await startProcess('worker', app.environment)] as const;
    undo.push(() => Promise.all(workers.map((worker) => worker.kill())));

    const ann = await signUp(app);
    const listeners: Listener[] = [];
    for (let n = 0; n < ENDPOINTS; n++) listeners.push(await listenAt(ann, receiver.urlFor(`/${n}`), { ordering: 'fifo' }));
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
    const perEndpoint = MESSAGES / ENDPOINTS;
    const sending = Promise.all(
      listeners.map(async ({ appId }) => {
        for (let n = 0; n < perEndpoint; n++) await send(ann, appId, n);
      }),
    );
    for (let kill = 1; kill <= KILLS; kill++) {
      await receiver.received(Math.floor((MESSAGES / (KILLS + 1)) * kill), SETTLED_MS);
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
      { within: SETTLED_MS, what: 'nothing is under way' },
    );

    for (const [endpoint] of listeners.entries()) {
      const at = receiver.requests.filter(({ path }) => path === `/${endpoint}`).map(numberOf);
      // What comes again is the message that came last: it had failed, or its worker died before it knew.
      const inOrder = at.filter((n, index) => n !== at[index - 1]);
      expect(inOrder).toEqual(Array.from({ length: perEndpoint }, (_, n) => n));
    }
    expect(overlaps).toBeLessThanOrEqual(KILLS * ENDPOINTS);
    expect(await database.query('SELECT 1 FROM settled_delivery WHERE status <> 0')).toEqual([]);
  },
  3 * SETTLED_MS,
);

function numberOf({ body }: ReceivedRequest): number {
  return (JSON.parse(body.toString()) as { n: number }).n;
}
