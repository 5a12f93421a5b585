import { Sql } from '../../src/platform/database/sql';
import { newId } from '../../src/platform/ids/id';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { listenAt, send } from '../support/webhooks';

type State = {
  status: string;
  by: string | null;
  reason: string | null;
  since: string | null;
  pausedUntil: string | null;
  failingSince: string | null;
  disablesAt: string | null;
};
type Endpoint = { id: string; disabled: boolean; state: State };
type Enabled = { endpoint: Endpoint; task: { id: string; task: string } | null };
type Page<Item> = { data: Item[] };

/** The watch looks every hundredth of it. */
const PERIOD_SECONDS = 300;
const HEALTHY = { status: 'enabled', by: null, reason: null, since: null, pausedUntil: null, failingSince: null, disablesAt: null };
const HOUR_AGO = () => new Date(Date.now() - 3_600_000).toISOString();

jest.setTimeout(60_000);

describe('the health of an endpoint', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;
  let chat: Receiver;

  beforeAll(async () => {
    chat = await startReceiver();
    const env = {
      DELIVERY_RETRY_SCHEDULE: '3600',
      DELIVERY_DISABLE_AFTER_SECONDS: String(PERIOD_SECONDS),
      NOTICE_CHAT_URL: chat.urlFor('/services/T0/B0'),
    };
    app = await startTestApp({ worker: true, env });
    ann = await signUp(app);
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(async () => {
    await app.stop();
    await chat.stop();
  });

  const path = (appId: string, endpointId: string) => `/app/${appId}/endpoint/${endpointId}`;
  const get = async (appId: string, endpointId: string) => expected(200, await ann.organization<Endpoint>('GET', path(appId, endpointId)));
  const enable = (appId: string, endpointId: string, body?: object, by: Pick<Account, 'organization'> = ann) =>
    by.organization<Enabled>('POST', `${path(appId, endpointId)}/enable`, body);
  const disable = async (appId: string, endpointId: string) =>
    expected(200, await ann.organization<Endpoint>('PATCH', path(appId, endpointId), { disabled: true }));
  const idsOf = async (appId: string, endpointId: string, status: number) => {
    const url = `${path(appId, endpointId)}/msg?limit=250&status=${status}`;
    return expected(200, await ann.organization<Page<{ id: string }>>('GET', url)).data.map(({ id }) => id);
  };
  const finished = (id: string) =>
    eventually(
      async () => {
        const { body } = await ann.organization<{ status: string; data: object }>('GET', `/background-task/${id}`);
        return body.status === 'finished' && body.data;
      },
      { within: 30_000, what: 'the end of the task' },
    );
  const sendMany = (appId: string, count: number) => Promise.all(Array.from({ length: count }, (_, n) => send(ann, appId, n)));
  const arrived = (from = 0) => receiver.requests.slice(from).map(({ headers }) => String(headers['webhook-id']));
  const subjects = (email: string) => app.mail.mails.filter(({ to }) => to.includes(email)).map(({ mail }) => mail.subject);

  /** As if it had failed for this much of the period, 25 times and a moment ago. */
  const failingFor = async (endpointId: string, percent: number) => {
    const seconds = (PERIOD_SECONDS * percent) / 100 + 1;
    await app.http
      .get(Sql)
      .run('UPDATE delivery_lane SET failures = 25, failing_since = now() - make_interval(secs => $2) WHERE endpoint_id = $1', [
        endpointId,
        seconds,
      ]);
  };
  /** An endpoint that has failed once. */
  const failingListener = async () => {
    receiver.answerBy(() => ({ status: 500 }));
    const listener = await listenAt(ann, receiver.url);
    await send(ann, listener.appId);
    await eventually(async () => (await idsOf(listener.appId, listener.endpointId, 1)).length === 1 && receiver.requests.length === 1);
    const url = `/app/${listener.appId}/attempt/endpoint/${listener.endpointId}`;
    await eventually(async () => (await ann.organization<Page<object>>('GET', url)).body.data.length === 1, { what: 'its attempt' });
    return listener;
  };

  it('is seen: since when it fails, and when that ends', async () => {
    const { appId, endpointId } = await failingListener();
    await failingFor(endpointId, 10);
    const { state } = await get(appId, endpointId);
    expect(state).toMatchObject({ ...HEALTHY, failingSince: expect.any(String) as string, disablesAt: expect.any(String) as string });
    expect(Date.parse(state.disablesAt!) - Date.parse(state.failingSince!)).toBe(PERIOD_SECONDS * 1_000);
    const { data } = expected(200, await ann.organization<Page<Endpoint>>('GET', `/app/${appId}/endpoint`));
    expect(data).toMatchObject([{ state }]);
  });

  it('pauses it after many failures in a row, and says until when', async () => {
    receiver.answerBy(() => ({ status: 500 }));
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    await sendMany(appId, 12);
    const { state, disabled } = await eventually(async () => {
      const endpoint = await get(appId, endpointId);
      return endpoint.state.status !== 'enabled' && endpoint;
    });
    expect(disabled).toBe(false);
    expect(state).toMatchObject({
      status: 'paused',
      by: 'system',
      reason: 'failing',
      since: null,
      failingSince: expect.any(String) as string,
    });
    expect(Date.parse(state.pausedUntil!)).toBeGreaterThan(Date.parse(state.failingSince!));
    await disable(appId, endpointId);
    expect((await get(appId, endpointId)).state).toMatchObject({ status: 'disabled', by: 'owner', reason: 'owner', pausedUntil: null });
    expected(200, await enable(appId, endpointId));
    expect((await get(appId, endpointId)).state).toMatchObject({ status: 'enabled', by: null, reason: null, pausedUntil: null });
  });

  it('is told of, to owner and admins, once at each milestone; then the endpoint is disabled', async () => {
    const [admin, developer] = [await signUp(app, 'Bea'), await signUp(app, 'Dan')];
    for (const [person, role] of [
      [admin, 'admin'],
      [developer, 'developer'],
    ] as const)
      await app.http
        .get(Sql)
        .run(
          `INSERT INTO member (id, version, organization_id, user_id, role, created_at, updated_at) VALUES ($1, 1, $2, $3, $4, now(), now())`,
          [newId('mem'), ann.organizationId, person.userId, role],
        );
    const { appId, endpointId } = await failingListener();
    const before = subjects(ann.email).length;
    for (const [percent, count] of [
      [50, 1],
      [70, 2],
      [90, 3],
    ] as const) {
      // The same failing period, later: only its beginning is moved.
      await failingFor(endpointId, percent);
      await app.http.get(Sql).run('UPDATE delivery_lane SET warned_since = failing_since WHERE endpoint_id = $1', [endpointId]);
      await eventually(() => subjects(ann.email).length === before + count, { within: 20_000, what: `the mail at ${percent} %` });
    }
    await failingFor(endpointId, 100);
    const gone = await eventually(
      async () => {
        const endpoint = await get(appId, endpointId);
        return endpoint.disabled && endpoint;
      },
      { within: 20_000 },
    );
    expect(gone.state).toMatchObject({ status: 'disabled', by: 'system', reason: 'failing', disablesAt: null });
    expect([gone.state.since, gone.state.failingSince]).toEqual([expect.any(String), expect.any(String)]);
    for (const { email } of [ann, admin])
      await eventually(() => subjects(email).includes(`${endpointId} was disabled`), { within: 20_000, what: 'the last mail' });
    expect(subjects(ann.email).slice(before)).toEqual([
      ...Array.from({ length: 3 }, () => `Nothing arrives at ${endpointId}`),
      `${endpointId} was disabled`,
    ]);
    expect(subjects(admin.email).filter((subject) => subject?.includes(endpointId))).toHaveLength(4);
    expect(subjects(developer.email).filter((subject) => subject?.includes(endpointId))).toEqual([]);
    const { text, html } = await app.mail.mailTo(ann.email);
    for (const part of [text, html]) expect(part).toContain(`http://posthorn.test/app/${appId}/endpoint/${endpointId}`);
  });

  it('says who disabled it and why, and begins anew when it is enabled, however that is done', async () => {
    const { appId, endpointId } = await failingListener();
    const off = await disable(appId, endpointId);
    expect(off.state).toMatchObject({ status: 'disabled', by: 'owner', reason: 'owner', since: off.state.since });
    await failingFor(endpointId, 100);
    const on = expected(200, await ann.organization<Endpoint>('PATCH', path(appId, endpointId), { disabled: false }));
    expect(on).toMatchObject({ disabled: false, state: HEALTHY });
    const [lane] = await app.http
      .get(Sql)
      .run<{ failures: number }>('SELECT failures FROM delivery_lane WHERE endpoint_id = $1', [endpointId]);
    expect(lane).toEqual({ failures: 0 });

    await disable(appId, endpointId);
    await failingFor(endpointId, 100);
    expect(await enable(appId, endpointId)).toMatchObject({
      status: 200,
      body: { endpoint: { disabled: false, state: HEALTHY }, task: null },
    });
    expect(await enable(appId, endpointId, { recoverSince: null })).toMatchObject({ status: 200, body: { task: null } });
  });

  it('ends at 410, by mail and in the chat as well', async () => {
    receiver.answer({ status: 410 });
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    await send(ann, appId);
    const { state } = await eventually(async () => {
      const endpoint = await get(appId, endpointId);
      return endpoint.disabled && endpoint;
    });
    expect(state).toMatchObject({ by: 'system', reason: 'gone' });
    await eventually(() => subjects(ann.email).includes(`${endpointId} was disabled`), { what: 'the mail' });
    expect((await app.mail.mailTo(ann.email)).text).toContain('answered 410 Gone');
    const posted = () => chat.requests.map(({ body }) => body.toString()).filter((body) => body.includes('answered 410 Gone'));
    await eventually(() => posted().length > 0, { what: 'a notice in the chat' });
    expect(posted()).toEqual([expect.stringContaining(endpointId) as string]);
  });

  describe('after which it is enabled', () => {
    it('gets all that failed and all that came meanwhile, exactly once, and nothing that had arrived', async () => {
      const { appId, endpointId } = await listenAt(ann, receiver.url, { retrySchedule: [] });
      const good = await sendMany(appId, 5);
      await eventually(async () => (await idsOf(appId, endpointId, 0)).length === 5);
      receiver.answerBy(() => ({ status: 500 }));
      const failed = await sendMany(appId, 4);
      await eventually(async () => (await idsOf(appId, endpointId, 2)).length === 4);
      expected(200, await ann.organization('PATCH', path(appId, endpointId), { retrySchedule: null }));
      const waiting = await sendMany(appId, 4);
      await eventually(async () => (await idsOf(appId, endpointId, 1)).length === 4);
      await disable(appId, endpointId);
      // Their retry comes, and finds the endpoint disabled.
      const sql = app.http.get(Sql);
      await sql.run('UPDATE pending_delivery SET next_at = now() WHERE endpoint_id = $1', [endpointId]);
      await sql.run('UPDATE delivery_lane SET due_at = now() WHERE endpoint_id = $1', [endpointId]);
      await eventually(async () => (await idsOf(appId, endpointId, 2)).length === 8);
      const meanwhile = await sendMany(appId, 20);
      const missed = [...failed, ...waiting, ...meanwhile];
      receiver.answerBy(() => ({ status: 200 }));
      const { length } = receiver.requests;

      const { endpoint, task } = expected(200, await enable(appId, endpointId, { recoverSince: HOUR_AGO() }));
      expect(endpoint.disabled).toBe(false);
      expect(task).toMatchObject({ task: 'endpoint.catch-up', id: expect.stringMatching(/^qtask_/) as string });
      expect(await finished(task!.id)).toMatchObject({ replayed: missed.length });
      await eventually(async () => (await idsOf(appId, endpointId, 0)).length === missed.length + good.length);
      expect(arrived(length).sort()).toEqual(missed.sort());

      const again = expected(200, await enable(appId, endpointId, { recoverSince: HOUR_AGO() }));
      expect(await finished(again.task!.id)).toMatchObject({ replayed: 0 });
    });

    it('loses and doubles nothing of what comes in that very moment', async () => {
      const { appId, endpointId } = await listenAt(ann, receiver.url, { disabled: true });
      const early = await sendMany(appId, 60);
      const [late, enabled] = await Promise.all([sendMany(appId, 120), enable(appId, endpointId, { recoverSince: HOUR_AGO() })]);
      const { task } = expected(200, enabled);
      await finished(task!.id);
      await eventually(async () => (await idsOf(appId, endpointId, 0)).length === 180, { within: 30_000, what: 'every message' });
      expect(arrived().sort()).toEqual([...early, ...late].sort());
    });

    it('may be asked for what was missed, or for what failed, by the ways there are', async () => {
      const { appId, endpointId } = await listenAt(ann, receiver.url, { disabled: true });
      const missed = await sendMany(appId, 3);
      expected(200, await enable(appId, endpointId));
      const start = async (what: string) =>
        expected(202, await ann.organization<{ id: string }>('POST', `${path(appId, endpointId)}/${what}`, { since: HOUR_AGO() })).id;
      expect(await finished(await start('recover'))).toMatchObject({ replayed: 0 });
      expect(await finished(await start('bulk-replay'))).toMatchObject({ replayed: 0 });
      expect(await finished(await start('replay-missing'))).toMatchObject({ replayed: 3 });
      await receiver.received(3);
      expect(arrived().sort()).toEqual(missed.sort());
    });
  });

  it('is enabled by who may, and recovered by who may do that as well', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url, { disabled: true });
    const scopes = ['endpoint.write', 'endpoint.read'];
    const { token } = expected(201, await ann.user<{ token: string }>('POST', '/api-key', { name: 'enables', scopes }));
    const key = { organization: callerOf(app, token) };
    expect(await enable(appId, endpointId, { recoverSince: HOUR_AGO() }, key)).toMatchObject({
      status: 403,
      body: { code: 'insufficient_permission' },
    });
    expect((await get(appId, endpointId)).disabled).toBe(true);
    expect(await enable(appId, endpointId, {}, key)).toMatchObject({ status: 200, body: { endpoint: { disabled: false } } });
    const eve = await signUp(app, 'Eve');
    expect(await enable(appId, endpointId, {}, eve)).toMatchObject({ status: 404 });
  });

  it.each([
    [{ recoverSince: new Date(Date.now() + 3_600_000).toISOString() }, 'recoverSince'],
    [{ recoverSince: 'yesterday' }, 'recoverSince'],
    [{ recoverSince: 5 }, 'recoverSince'],
    [{ since: HOUR_AGO() }, undefined],
  ])('refuses %j', async (body, field) => {
    const { appId, endpointId } = await listenAt(ann, receiver.url, { disabled: true });
    const reply = await enable(appId, endpointId, body);
    expect(reply).toMatchObject({ status: 422, body: { code: 'validation_error' } });
    if (field !== undefined) expect(reply.body).toMatchObject({ detail: [{ loc: ['body', field] }] });
    expect((await get(appId, endpointId)).disabled).toBe(true);
  });

  describe('by settings of its own', () => {
    const attempts = async (appId: string, endpointId: string) =>
      expected(200, await ann.organization<Page<{ reason: string }>>('GET', `/app/${appId}/attempt/endpoint/${endpointId}`)).data.map(
        ({ reason }) => reason,
      );

    it('is waited for as long as it says', async () => {
      receiver.answerBy(() => 'hang');
      const { appId, endpointId } = await listenAt(ann, receiver.url, { timeoutMs: 1_000, retrySchedule: [] });
      await send(ann, appId);
      await eventually(async () => (await idsOf(appId, endpointId, 2)).length === 1, { within: 10_000, what: 'the end of its patience' });
      expect(await attempts(appId, endpointId)).toEqual(['timeout_headers']);
    });

    it.each([
      [[], 1],
      [[0, 0], 3],
    ])('with the retries %j is asked %d times', async (retrySchedule, count) => {
      receiver.answerBy(() => ({ status: 503 }));
      const { appId, endpointId } = await listenAt(ann, receiver.url, { retrySchedule });
      await send(ann, appId);
      await eventually(async () => (await idsOf(appId, endpointId, 2)).length === 1);
      expect(await attempts(appId, endpointId)).toEqual(Array.from({ length: count }, () => 'http_5xx'));
      expect(receiver.requests).toHaveLength(count);
    });
  });
});
