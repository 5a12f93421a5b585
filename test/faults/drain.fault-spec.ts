import { Pool } from 'undici';
import { signUp } from '../support/accounts';
import { startTestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';
import { startReceiver } from '../support/receiver';
import { listenAt, send } from '../support/webhooks';

const MESSAGES = 400;
const ROUNDS = 3;
const ARRIVED_MS = 60_000;

const undo: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

it(
  'workers that are replaced one after the other under load lose nothing and send nothing twice',
  async () => {
    const app = await startTestApp({ env: { DRAIN_SECONDS: '10' } });
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    let worker = await startProcess('worker', app.environment);
    undo.push(() => worker.stop());
    const ann = await signUp(app);
    const { appId } = await listenAt(ann, receiver.url);
    receiver.answerBy(() => ({ status: 200, delayMs: 50 }));

    const sent: string[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      sent.push(...(await Promise.all(Array.from({ length: MESSAGES / ROUNDS }, (_, n) => send(ann, appId, n)))));
      await receiver.received(receiver.requests.length + 20, ARRIVED_MS);
      const [code, next] = await Promise.all([worker.stop(), startProcess('worker', app.environment)]);
      expect(code).toBe(0);
      worker = next;
    }
    await receiver.received(sent.length, ARRIVED_MS);
    const ids = receiver.requests.map(({ headers }) => String(headers['webhook-id']));
    expect(ids.sort()).toEqual(sent.sort());
  },
  3 * ARRIVED_MS,
);

it(
  'a worker with a request that never ends gives it back at its deadline and ends cleanly',
  async () => {
    const app = await startTestApp({ env: { DRAIN_SECONDS: '1', DELIVERY_TIMEOUT_MS: '60000' } });
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    const first = await startProcess('worker', app.environment);
    const ann = await signUp(app);
    const { appId } = await listenAt(ann, receiver.url);
    receiver.answer('hang');
    const id = await send(ann, appId);
    await receiver.received(1);
    expect(await first.stop()).toBe(0);

    const second = await startProcess('worker', app.environment);
    undo.push(() => second.stop());
    const requests = await receiver.received(2);
    expect(requests.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    const { body } = await ann.organization<{ data: object[] }>('GET', `/app/${appId}/attempt/msg/${id}?status=2`);
    expect(body.data).toEqual([]);
  },
  ARRIVED_MS,
);

it(
  'an API that is told to end answers every request on the connections that its clients keep',
  async () => {
    const app = await startTestApp({ worker: true });
    undo.push(() => app.stop());
    const ann = await signUp(app);
    const api = await startProcess('main', app.environment);
    // One connection for each client, as a service keeps it; undici sends a request only once.
    const clients = Array.from({ length: 8 }, () => new Pool(api.url, { connections: 1, pipelining: 1 }));
    undo.push(() => Promise.all(clients.map((client) => client.destroy())));
    const answers: string[] = [];
    let going = true;
    const load = clients.map(async (client) => {
      while (going) {
        try {
          const { statusCode, body } = await client.request({
            method: 'GET',
            path: '/api/v1/app',
            headers: { authorization: `Bearer ${ann.apiKey}` },
          });
          await body.dump();
          answers.push(String(statusCode));
        } catch (error) {
          const { code = 'unknown' } = error as { code?: string };
          answers.push(code);
          // Nobody listens any more: that was no request that got lost.
          if (code === 'ECONNREFUSED') return;
        }
      }
    });
    await eventually(() => answers.length > 100);
    expect(await api.stop()).toBe(0);
    going = false;
    await Promise.all(load);
    expect(new Set(answers)).toEqual(new Set(['200', ...answers.filter((answer) => answer === 'ECONNREFUSED')]));
  },
  ARRIVED_MS,
);
