import { join } from 'node:path';
import { type Account, signUp } from '../support/accounts';
import { startTestApp, startTestWorker, type TestApp } from '../support/app';
import { Sql } from '../../src/platform/database/sql';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';
import { type Receiver, startReceiver } from '../support/receiver';
import { listenAt, send } from '../support/webhooks';

const MINUTE = 60_000;
/** What wants an order is never leased while it is planned. */
const CLAIMED = { ordering: 'fifo' };
const STORE = 'deliveries/infra/sql-delivery-store.js SqlDeliveryStore';

/** Dying at random finds windows; dying at a named point proves them closed. */
describe('a process that dies', () => {
  let app: TestApp;
  let receiver: Receiver;
  let ann: Account;
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp(), startReceiver()]);
    await whileWorking(async () => {
      ann = await signUp(app);
    });
  });
  afterAll(async () => {
    for (const step of undo.reverse()) await step();
    await app.stop();
    await receiver.stop();
  });

  /** While a worker lives; it starts faster in this process than in one of its own. */
  const whileWorking = async (work: () => Promise<void>) => {
    const worker = await startTestWorker(app.environment);
    try {
      await work();
    } finally {
      await worker.close();
    }
  };
  /** Of a worker in a process of its own, be it while it starts. */
  const death = async (failpoint: string) => {
    const options = { NODE_OPTIONS: `--require ${join(__dirname, '../support/failpoint.cjs')}`, FAILPOINT: failpoint };
    return startProcess('worker', { ...app.environment, ...options }).then(
      (worker) => {
        undo.push(() => worker.kill());
        return worker.exited;
      },
      (error: unknown) => expect(String(error)).toContain('SIGKILL'),
    );
  };
  const receiptsOf = (id: string) => receiver.requests.filter(({ headers }) => headers['webhook-id'] === id).length;
  const endOf = (id: string) =>
    eventually(
      async () => {
        const rows = await app.http
          .get(Sql)
          .run<{ status: number; reason: string }>('SELECT status, reason FROM settled_delivery WHERE message_id = $1', [id]);
        return rows[0];
      },
      { within: MINUTE, what: 'the end of the delivery' },
    );

  it.each([
    ['before it plans deliveries', `${STORE}.fanOut before`, 1],
    ['after it planned deliveries', `${STORE}.fanOut after`, 1],
    ['before it claims', `${STORE}.claim before`, 1],
    ['with a claim, before it sends', `${STORE}.claim after`, 1],
    ['after the answer, before its record', `${STORE}.record before`, 2],
    ['after its record', `${STORE}.record after`, 1],
  ])(
    '%s: another worker goes on',
    async (_when, failpoint, receipts) => {
      const { appId } = await listenAt(ann, receiver.url, failpoint.includes('.claim') ? CLAIMED : {});
      const id = await send(ann, appId);
      await death(failpoint);
      await whileWorking(async () => {
        expect(await endOf(id)).toEqual({ status: 0, reason: 'ok' });
      });
      expect(receiptsOf(id)).toBe(receipts);
    },
    2 * MINUTE,
  );

  it(
    'each time that it handles a certain delivery: after the third time it is left, and others go on',
    async () => {
      const { appId } = await listenAt(ann, receiver.url);
      const poison = await send(ann, appId);
      for (let crash = 1; crash <= 3; crash++) await death(`${STORE}.record before`);
      await whileWorking(async () => {
        expect(await endOf(poison)).toEqual({ status: 2, reason: 'worker_crash' });
        expect(await endOf(await send(ann, appId))).toEqual({ status: 0, reason: 'ok' });
      });
    },
    3 * MINUTE,
  );
});
