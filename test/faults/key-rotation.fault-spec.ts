import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { callerAt, expected, signUp } from '../support/accounts';
import { startTestApp, startTestWorker } from '../support/app';
import { eventually } from '../support/eventually';
import { pace } from '../support/pace';
import { runKeys, startProcess } from '../support/processes';
import { startReceiver } from '../support/receiver';
import { addEndpoint, listenAt, send } from '../support/webhooks';

/** Enough rows for several steps: each message has an attempt at each endpoint. */
const MESSAGES = 300;
const ENDPOINTS = 10;
const SENDERS = 2;
const MINUTE = 60_000;

type Worker = Awaited<ReturnType<typeof startProcess>>;
type Page<Item> = { data: Item[]; iterator: string; done: boolean };

const undo: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

it(
  'keys are rotated under load though the worker that does it is killed again and again; then the old key can go',
  async () => {
    const app = await startTestApp();
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    const secrets = new Map<string, string>();
    const forged: string[] = [];
    receiver.answerBy(({ path, body, headers }, index) => {
      try {
        new Webhook(secrets.get(path)!).verify(body.toString(), headers as Record<string, string>);
      } catch {
        forged.push(path);
      }
      return { status: 200, body: `thanks from ${path} for ${index}` };
    });
    const database = app.http.get(DataSource);

    // What lies there under the old key.
    const before = await startTestWorker(app.environment);
    const ann = await signUp(app);
    const { appId, endpointId, secret } = await listenAt(ann, receiver.urlFor('/load'), { description: 'under load' });
    const history = await listenAt(ann, receiver.urlFor('/0'));
    secrets.set('/load', secret).set('/0', history.secret);
    for (let n = 1; n < ENDPOINTS; n++) secrets.set(`/${n}`, (await addEndpoint(ann, history.appId, receiver.urlFor(`/${n}`))).secret);
    for (let n = 0; n < MESSAGES; n += 50) await Promise.all(Array.from({ length: 50 }, (_, m) => send(ann, history.appId, n + m)));
    await receiver.received(MESSAGES * ENDPOINTS, MINUTE);
    await eventually(async () => (await database.query<object[]>('SELECT 1 FROM pending_delivery')).length === 0);
    await before.close();

    // A new key was put first; load.
    const recent = `recent:${randomBytes(32).toString('base64')}`;
    const environment = { ...app.environment, ENCRYPTION_KEYS: `${recent},${app.environment['ENCRYPTION_KEYS']!}`, LOG_LEVEL: 'debug' };
    const api = await startProcess('main', { ...environment, LOG_LEVEL: 'silent' });
    undo.push(() => api.kill());
    const workers: Worker[] = [];
    const hire = async () => {
      const worker = await startProcess('worker', environment);
      undo.push(() => worker.kill());
      workers.push(worker);
    };
    await Promise.all([hire(), hire()]);
    const organization = callerAt(api.url, ann.apiKey);
    const sent: string[] = [];
    let loaded = true;
    const load = Promise.all(
      Array.from({ length: SENDERS }, async (_, sender) => {
        for (let n = sender; loaded; n += SENDERS) {
          sent.push(await send({ organization }, appId, n));
          await pace();
        }
      }),
    );

    // While somebody holds a row, the rotation cannot end: it goes round until the test lets go.
    const holder = new Client({ connectionString: app.database.url });
    await holder.connect();
    undo.push(() => holder.end());
    await holder.query('BEGIN; SELECT 1 FROM attempt ORDER BY id LIMIT 1 FOR UPDATE');

    const oldKeys = await database.query<{ id: number }[]>('SELECT id FROM data_key');
    const { id: taskId } = await runKeys<{ id: string }>(environment, 'rotate');
    expect(await runKeys(environment, 'rotate')).toEqual({ id: taskId, started: false });

    /** When a worker took the task last: it says so in its log. */
    const claimedAt = ({ output }: Worker) =>
      output
        .split('\n')
        .findLast((line) => line.includes(taskId))
        ?.match(/"time":"([^"]+)"/)?.[1] ?? '';
    let lastKill = '';
    /** Kills whoever has the task, and puts another worker in its place. */
    const killAtWork = async () => {
      const doer = await eventually(
        () => workers.filter((worker) => claimedAt(worker) > lastKill).sort((a, b) => (claimedAt(a) < claimedAt(b) ? 1 : -1))[0],
        { within: MINUTE, what: 'a claim' },
      );
      await doer.kill();
      lastKill = new Date().toISOString();
      workers.splice(workers.indexOf(doer), 1);
      await hire();
    };
    const task = async () => {
      const [row] = await database.query<{ status: string; done: string | null; phase: string | null; after: string | null }[]>(
        `SELECT status, done, cursor ->> 'phase' AS phase, cursor ->> 'after' AS after FROM task WHERE id = $1`,
        [taskId],
      );
      return row!;
    };

    await killAtWork();
    await eventually(async () => (await task()).phase === 'reseal', { within: MINUTE, what: 'new data keys' });
    for (let kill = 0, progress = 0; kill < 2; kill++) {
      await eventually(async () => Number((await task()).done) > progress, { within: MINUTE, what: 'progress' });
      progress = Number((await task()).done);
      await killAtWork();
    }
    expect((await task()).status).toBe('running');
    await holder.query('COMMIT');
    await eventually(async () => (await task()).status !== 'running', { within: 2 * MINUTE, what: 'the end of the task' });
    expect((await task()).status).toBe('finished');
    loaded = false;
    await load;

    // Everything arrived, and was signed with the secret of its endpoint.
    const arrivedAtLoad = () =>
      new Set(receiver.requests.filter(({ path }) => path === '/load').map(({ headers }) => headers['webhook-id']));
    await eventually(() => arrivedAtLoad().size >= sent.length, { within: MINUTE, what: 'every message of the load' });
    expect(arrivedAtLoad()).toEqual(new Set(sent));
    expect(forged).toEqual([]);

    // Nothing of the old keys is left, and nothing needs them.
    await Promise.all([api.stop(), ...workers.map((worker) => worker.stop())]);
    const after = await database.query<{ id: number; key_ring_id: string; retired_at: Date | null }[]>('SELECT * FROM data_key');
    expect(after.filter(({ id }) => oldKeys.some((old) => old.id === id))).toEqual([]);
    expect(await runKeys(environment, 'status')).toEqual({
      encryptionKeys: { recent: after.length },
      dataKeys: { current: after.length, retired: 0, oldestCurrent: expect.any(String) },
    });

    const onlyNew = { ...environment, ENCRYPTION_KEYS: recent, LOG_LEVEL: 'silent' };
    const [reader, last] = await Promise.all([startProcess('main', onlyNew), startProcess('worker', onlyNew)]);
    undo.push(() => Promise.all([reader.kill(), last.kill()]));
    const call = callerAt(reader.url, ann.apiKey);
    const all = async <Item>(path: string): Promise<Item[]> => {
      const items: Item[] = [];
      for (let iterator = ''; ;) {
        const page: Page<Item> = expected(200, await call<Page<Item>>('GET', `${path}?limit=250${iterator}`));
        items.push(...page.data);
        if (page.done) return items;
        iterator = `&iterator=${page.iterator}`;
      }
    };
    const messages = await all<{ id: string; payload: object }>(`/app/${appId}/msg`);
    expect(new Set(messages.map(({ id }) => id))).toEqual(new Set(sent));
    expect(messages.every(({ payload }) => 'n' in payload)).toBe(true);
    expect(await all(`/app/${history.appId}/msg`)).toHaveLength(MESSAGES);
    for (const attempt of await all<{ response: string; url: string }>(`/app/${appId}/attempt/endpoint/${endpointId}`))
      expect(attempt).toMatchObject({ response: expect.stringContaining('thanks from /load'), url: receiver.urlFor('/load') });
    const endpoints = await all<{ id: string; url: string }>(`/app/${history.appId}/endpoint`);
    expect(endpoints).toHaveLength(ENDPOINTS);
    for (const { id, url } of endpoints) {
      const { key } = expected(200, await call<{ key: string }>('GET', `/app/${history.appId}/endpoint/${id}/secret`));
      expect(key).toBe(secrets.get(new URL(url).pathname));
      expect(await all(`/app/${history.appId}/attempt/endpoint/${id}`)).toHaveLength(MESSAGES);
    }
    const me = expected(200, await callerAt(reader.url, ann.accessToken)('GET', '/users/me'));
    expect(me).toMatchObject({ name: 'Ann', email: ann.email });

    const final = await send({ organization: call }, appId);
    await eventually(() => arrivedAtLoad().has(final));
    await Promise.all([reader.stop(), last.stop()]);
  },
  6 * MINUTE,
);
