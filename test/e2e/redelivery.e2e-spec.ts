import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { addEndpoint, listenAt, send } from '../support/webhooks';
import { Sql } from '../../src/platform/database/sql';

type Delivery = { id: string; status: number; statusText: string; nextAttempt: string | null; timestamp: string };
type Attempt = { id: string; status: number; triggerType: number; endpointId: string };
type Page<Item> = { data: Item[]; done: boolean; iterator: string | null; prevIterator: string | null };

describe('a message that went to an endpoint', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { DELIVERY_RETRY_SCHEDULE: '0,3600', DELIVERY_TIMEOUT_MS: '1000' } });
    ann = await signUp(app);
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(() => app.stop());

  const get = async <Body>(path: string) => expected(200, await ann.organization<Body>('GET', path));
  const messagesOf = async (appId: string, endpointId: string, query = '') =>
    (await get<Page<Delivery>>(`/app/${appId}/endpoint/${endpointId}/msg${query}`)).data;
  const endpointsOf = async (appId: string, messageId: string, query = '') =>
    (await get<Page<Delivery>>(`/app/${appId}/msg/${messageId}/endpoint${query}`)).data;
  const attemptsOf = async (appId: string, messageId: string) => (await get<Page<Attempt>>(`/app/${appId}/attempt/msg/${messageId}`)).data;
  const resend = (appId: string, messageId: string, endpointId: string) =>
    ann.organization('POST', `/app/${appId}/msg/${messageId}/endpoint/${endpointId}/resend`);
  const settled = (appId: string, messageId: string, status: number) =>
    eventually(
      async () => {
        const deliveries = await endpointsOf(appId, messageId);
        return deliveries.length > 0 && deliveries.every((delivery) => delivery.status === status);
      },
      { what: `status ${status}` },
    );

  /** The second attempt failed as well, and the third is an hour away. */
  const waitingLong = (appId: string, messageId: string) =>
    eventually(async () => {
      const next = (await endpointsOf(appId, messageId))[0]?.nextAttempt;
      return next && Date.parse(next) > Date.now() + 60_000;
    });

  describe('is sent again by hand', () => {
    it('with the same id and bytes, marked as by hand, though it had arrived', async () => {
      const { appId, endpointId } = await listenAt(ann, receiver.url);
      const id = await send(ann, appId, 1, { eventId: 'e1' });
      await settled(appId, id, 0);
      expect(await resend(appId, 'e1', endpointId)).toMatchObject({ status: 202, body: {} });
      const requests = await receiver.received(2);
      expect(requests.map(({ headers, body }) => [headers['webhook-id'], body.toString()])).toEqual([
        [id, '{"n":1}'],
        [id, '{"n":1}'],
      ]);
      const attempts = await eventually(async () => {
        const found = await attemptsOf(appId, id);
        return found.length === 2 && found;
      });
      expect(attempts.map(({ triggerType }) => triggerType)).toEqual([1, 0]);
      await settled(appId, id, 0);
    });

    it('whatever types and channels the endpoint wants', async () => {
      expect([201, 409]).toContain((await ann.organization('POST', '/event-type', { name: 'other', description: '' })).status);
      const { appId, endpointId } = await listenAt(ann, receiver.url, { eventTypes: ['other'], channels: ['x'] });
      const id = await send(ann, appId);
      expect(await resend(appId, id, endpointId)).toMatchObject({ status: 202 });
      expect((await receiver.received(1))[0]?.headers['webhook-id']).toBe(id);
    });

    it('and then by a schedule of its own', async () => {
      receiver.answer({ status: 500 }, { status: 500 }, { status: 500 });
      const { appId, endpointId } = await listenAt(ann, receiver.url);
      const id = await send(ann, appId);
      await receiver.received(2);
      await waitingLong(appId, id);
      // It waits for its retry, in an hour, which comes forward: one delivery and not two.
      await resend(appId, id, endpointId);
      await receiver.received(3);
      await settled(appId, id, 2);
      await resend(appId, id, endpointId);
      await receiver.received(4);
      await settled(appId, id, 0);
      expect(await attemptsOf(appId, id)).toHaveLength(4);
    });

    it('and never twice at once, however often it is asked for', async () => {
      const release = receiver.hold();
      const { appId, endpointId } = await listenAt(ann, receiver.url, { timeoutMs: 30_000 });
      const id = await send(ann, appId);
      await receiver.received(1);
      const replies = await Promise.all(Array.from({ length: 10 }, () => resend(appId, id, endpointId)));
      expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 202));
      release();
      await settled(appId, id, 0);
      expect(receiver.requests).toHaveLength(1);
    });

    it('unless its payload is gone, or the endpoint is disabled', async () => {
      const { appId, endpointId } = await listenAt(ann, receiver.url);
      const id = await send(ann, appId);
      await settled(appId, id, 0);
      await ann.organization('PATCH', `/app/${appId}/endpoint/${endpointId}`, { disabled: true });
      expect(await resend(appId, id, endpointId)).toMatchObject({ status: 202 });
      expect(await endpointsOf(appId, id)).toMatchObject([{ status: 0 }]);
      await app.http.get(Sql).run('UPDATE message SET payload = NULL WHERE id = $1', [id]);
      expect(await resend(appId, id, endpointId)).toMatchObject({ status: 400, body: { code: 'missing_payload' } });
      expect(receiver.requests).toHaveLength(1);
    });

    it('unless it was never sent: it waits for its time, or was canceled', async () => {
      const { appId, endpointId } = await listenAt(ann, receiver.url);
      const id = await send(ann, appId, 1, { deliverAt: new Date(Date.now() + 3_600_000).toISOString() });
      expect(await resend(appId, id, endpointId)).toMatchObject({ status: 409, body: { code: 'conflict' } });
      expected(204, await ann.organization('DELETE', `/app/${appId}/msg/${id}`));
      expect(await resend(appId, id, endpointId)).toMatchObject({ status: 409, body: { code: 'conflict' } });
      const replay = { since: new Date(Date.now() - 60_000).toISOString() };
      expected(202, await ann.organization('POST', `/app/${appId}/endpoint/${endpointId}/replay-missing`, replay));
      await send(ann, appId);
      await receiver.received(1);
      expect(await endpointsOf(appId, id)).toEqual([]);
    });

    it('unless any of it does not exist', async () => {
      const [here, there] = [await listenAt(ann, receiver.url), await listenAt(ann, receiver.url)];
      const id = await send(ann, here.appId);
      for (const [appId, messageId, endpointId] of [
        [here.appId, id, there.endpointId],
        [there.appId, id, there.endpointId],
        [here.appId, 'msg_none', here.endpointId],
        [here.appId, id, 'none'],
      ] as const)
        expect(await resend(appId, messageId, endpointId)).toMatchObject({ status: 404 });
    });
  });

  it('is listed with what became of it, by endpoint and by message', async () => {
    receiver.answer({ status: 500 }, { status: 500 });
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const waiting = await send(ann, appId, 1, { eventType: 'a' });
    await waitingLong(appId, waiting);
    const other = await addEndpoint(ann, appId, receiver.url);
    const arrived = await send(ann, appId, 2, { channels: ['c'], tags: ['red', 'blue'] });
    await settled(appId, arrived, 0);

    const all = await messagesOf(appId, endpointId);
    expect(all).toMatchObject([
      { id: arrived, status: 0, statusText: 'success', nextAttempt: null, payload: { n: 2 }, channels: ['c'] },
      { id: waiting, status: 1, statusText: 'pending', nextAttempt: expect.any(String) as string, eventType: 'a' },
    ]);
    expect(await messagesOf(appId, other.endpointId)).toMatchObject([{ id: arrived }]);
    const found = async (query: string) => (await messagesOf(appId, endpointId, query)).map(({ id }) => id);
    expect(await found('?status=1')).toEqual([waiting]);
    expect(await found('?status=0')).toEqual([arrived]);
    expect(await found('?channel=c')).toEqual([arrived]);
    expect(await found('?tag=blue')).toEqual([arrived]);
    expect(await found('?tag=blue&channel=d')).toEqual([]);
    expect(await found('?event_types=a,b')).toEqual([waiting]);
    expect(await found(`?before=${all[0]!.timestamp}`)).toEqual([waiting]);
    expect(await found(`?after=${all[1]!.timestamp}&before=2100-01-01T00:00:00Z`)).toEqual([arrived]);
    expect(await messagesOf(appId, endpointId, '?with_content=false')).toMatchObject([{ payload: {} }, { payload: {} }]);

    const [first] = (await get<Page<Delivery>>(`/app/${appId}/endpoint/${endpointId}/msg?limit=1`)).data;
    const page = await get<Page<Delivery>>(`/app/${appId}/endpoint/${endpointId}/msg?limit=1&iterator=${first!.id}`);
    expect(page).toMatchObject({ data: [{ id: waiting }], done: true, prevIterator: `-${waiting}` });
    expect(await get<Page<Delivery>>(`/app/${appId}/endpoint/${endpointId}/msg?iterator=-${waiting}`)).toMatchObject({
      data: [{ id: arrived }],
    });

    const endpoints = await endpointsOf(appId, arrived);
    expect(endpoints.map(({ id }) => id)).toEqual([endpointId, other.endpointId].sort());
    expect(endpoints[0]).toMatchObject({ url: receiver.url, status: 0, statusText: 'success', nextAttempt: null });
    expect(endpoints[0]).not.toHaveProperty('metadata');
    expect((await endpointsOf(appId, arrived, `?iterator=${endpoints[0]!.id}`)).map(({ id }) => id)).toEqual([endpoints[1]!.id]);
  });

  it('shows what was canceled as canceled to those who know the word', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const id = await send(ann, appId);
    await settled(appId, id, 0);
    await app.http.get(Sql).run("UPDATE settled_delivery SET status = 4, reason = 'endpoint_deleted' WHERE message_id = $1", [id]);
    for (const list of [messagesOf, (a: string, _: string, query: string) => endpointsOf(a, id, query)]) {
      expect(await list(appId, endpointId, '?expanded_statuses=true')).toMatchObject([{ status: 4, statusText: 'canceled' }]);
      expect(await list(appId, endpointId, '')).toMatchObject([{ status: 0, statusText: 'success' }]);
    }
  });

  it('lists attempts also by the pair, and by channel', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const other = await addEndpoint(ann, appId, receiver.url);
    const [plain, inChannel] = [await send(ann, appId), await send(ann, appId, 1, { channels: ['c'], tags: ['t'] })];
    for (const id of [plain, inChannel]) await settled(appId, id, 0);
    const at = async (path: string) => (await get<Page<Attempt & { msgId: string }>>(`/app/${appId}${path}`)).data;
    expect(await at(`/msg/${plain}/attempt`)).toHaveLength(2);
    expect(await at(`/msg/${plain}/attempt?endpoint_id=${endpointId}`)).toMatchObject([{ endpointId }]);
    expect(await at(`/msg/${plain}/endpoint/${other.endpointId}/attempt`)).toMatchObject([{ endpointId: other.endpointId }]);
    expect(await at(`/attempt/endpoint/${endpointId}?channel=c`)).toMatchObject([{ msgId: inChannel }]);
    expect(await at(`/attempt/endpoint/${endpointId}?tag=t`)).toMatchObject([{ msgId: inChannel }]);
    expect(await at(`/attempt/endpoint/${endpointId}?tag=t&with_msg=true`)).toMatchObject([
      { msg: { id: inChannel, tags: ['t'], payload: {} } },
    ]);
    expect((await at(`/attempt/endpoint/${endpointId}`))[0]).not.toHaveProperty('msg');
    expect(await at(`/attempt/msg/${plain}?channel=c`)).toEqual([]);
  });

  it('is counted', async () => {
    receiver.answer({ status: 500 }, { status: 500 });
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const waiting = await send(ann, appId);
    await waitingLong(appId, waiting);
    const arrived = await send(ann, appId);
    await settled(appId, arrived, 0);
    const path = `/app/${appId}/endpoint/${endpointId}/stats`;
    expect(await get(path)).toEqual({ success: 1, fail: 2, pending: 1, sending: 0, canceled: 0 });
    const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    expect(await get(`${path}?since=${at(-20)}&until=${at(-10)}`)).toEqual({ success: 0, fail: 0, pending: 0, sending: 0, canceled: 0 });
    for (const [query, field] of [
      [`until=${at(1)}`, 'until'],
      [`since=${at(-29)}`, 'since'],
      [`since=${at(-1)}&until=${at(-2)}`, 'since'],
    ] as const) {
      const reply = await ann.organization('GET', `${path}?${query}`);
      expect(reply).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', field] }] } });
    }
  });
});
