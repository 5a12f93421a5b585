import { callerAt, type Caller, expected } from '../support/accounts';
import { openTestDatabase } from '../support/database';
import { type Environment, testEnvironment } from '../support/environment';
import { eventually } from '../support/eventually';
import { pace } from '../support/pace';
import { buildPreviousRelease, hasHistory } from '../support/previous-release';
import { runCommand, startProcess } from '../support/processes';
import { type Receiver, startReceiver } from '../support/receiver';
import { startMailServer, tokenIn } from '../support/smtp';
import { addEndpoint } from '../support/webhooks';

type Process = Awaited<ReturnType<typeof startProcess>>;

const SENDERS = 2;
const SETTLED_MS = 60_000;

jest.setTimeout(240_000);

/** A rolling upgrade from the release before this one, and back, while messages come in. One story: each test goes on where the one before it ended. */
(hasHistory() ? describe : describe.skip)('an upgrade under load', () => {
  const undo: (() => unknown)[] = [];
  const alive = new Set<Process>();
  const accepted = new Set<string>();
  const statuses = new Map<number, number>();
  let environment: Environment;
  let previous: ReturnType<typeof buildPreviousRelease>;
  let receiver: Receiver;
  let mail: Awaited<ReturnType<typeof startMailServer>>;
  let target: Process;
  let worker: Process;
  let callAs: (process: Process) => Caller;
  let appId: string;

  const start = async (entry: 'main' | 'worker', dist?: string): Promise<Process> => {
    const process = await startProcess(entry, environment, dist === undefined ? {} : { dist });
    alive.add(process);
    return process;
  };
  const stop = async (process: Process): Promise<void> => {
    expect(await process.stop()).toBe(0);
    alive.delete(process);
  };
  const send = async (process: Process): Promise<void> => {
    const { status, body } = await callAs(process)<{ id: string }>('POST', `/app/${appId}/msg`, { eventType: 'a.b', payload: {} });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 202) accepted.add(body.id);
  };
  /** Messages come in all the time, at whichever API is the `target`, while `work` is done and until as many more were accepted. */
  const underLoad = async (work: () => Promise<unknown>): Promise<void> => {
    let over = false as boolean;
    const senders = Array.from({ length: SENDERS }, async () => {
      while (!over) {
        await send(target);
        await pace();
      }
    });
    const before = accepted.size;
    await eventually(() => accepted.size > before + 10, { within: SETTLED_MS });
    await work();
    const after = accepted.size;
    await eventually(() => accepted.size > after + 50, { within: SETTLED_MS });
    over = true;
    await Promise.all(senders);
  };
  const allArrived = () =>
    eventually(
      () => {
        const arrived = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
        return [...accepted].every((id) => arrived.has(id));
      },
      { within: SETTLED_MS, what: 'every accepted message' },
    );

  beforeAll(async () => {
    previous = buildPreviousRelease();
    undo.push(() => {
      previous.remove();
    });
    const database = await openTestDatabase('template1');
    undo.push(() => database.drop());
    mail = await startMailServer();
    undo.push(() => mail.stop());
    receiver = await startReceiver();
    undo.push(() => receiver.stop());
    environment = testEnvironment({ DATABASE_URL: database.url, SMTP_URL: mail.url, API_RATE_LIMIT: '0' });
    expect(await runCommand('migrate', environment, [], previous.dist)).toMatchObject({ code: 0 });
  });

  afterAll(async () => {
    await Promise.all([...alive].map((process) => process.kill()));
    for (const step of undo.reverse()) await step();
  });

  it('begins with the release before, in whose schema this one does not start', async () => {
    [target, worker] = await Promise.all([start('main', previous.dist), start('worker', previous.dist)]);
    const anybody = callerAt(target.url);
    expected(202, await anybody('POST', '/auth/register', { email: 'ann@example.com', password: 'a long enough password', name: 'Ann' }));
    const token = tokenIn(await mail.mailTo('ann@example.com'));
    const { accessToken } = expected(200, await anybody<{ accessToken: string }>('POST', '/auth/verify-email', { token }));
    const user = callerAt(target.url, accessToken);
    ({ id: appId } = await eventually(async () => expected(201, await user<{ id: string }>('POST', '/app', { name: 'Acme' }))));
    const { token: apiKey } = expected(201, await user<{ token: string }>('POST', '/api-key', { name: 'upgrade' }));
    callAs = ({ url }) => callerAt(url, apiKey);
    await addEndpoint({ organization: callAs(target) }, appId, receiver.url);

    const refused = 'older than this release. Run `node dist/migrate.js`';
    const starts = (['main', 'worker'] as const).map((entry) => expect(startProcess(entry, environment)).rejects.toThrow(refused));
    await Promise.all(starts);
  });

  it('migrates while the old processes work, and they go on', async () => {
    await underLoad(async () => {
      // Who waits too long for a lock that traffic holds is told to come again.
      const migrated = await eventually(
        async () => {
          const { code, answer } = await runCommand('migrate', environment);
          return code === 0 && answer;
        },
        { within: SETTLED_MS },
      );
      expect(migrated).toContain('Migrated: ');
    });
    await allArrived();
  });

  it('replaces the API, then the worker', async () => {
    await underLoad(async () => {
      const [oldApi, oldWorker] = [target, worker];
      target = await start('main');
      await stop(oldApi);
      worker = await start('worker');
      await stop(oldWorker);
    });
    await allArrived();
  });

  it('goes back to the release before, on the new schema', async () => {
    await underLoad(async () => {
      const [newApi, newWorker] = [target, worker];
      target = await start('main', previous.dist);
      await stop(newApi);
      worker = await start('worker', previous.dist);
      await stop(newWorker);
    });
    await allArrived();
    const { data } = expected(200, await callAs(target)<{ data: { id: string }[] }>('GET', `/app/${appId}/msg?limit=250`));
    expect(data.length).toBeGreaterThan(100);
  });

  it('lost nothing, sent nothing twice, and answered nothing but 202', () => {
    expect([...statuses.keys()]).toEqual([202]);
    expect(receiver.requests.length).toBe(accepted.size);
  });
});
