import { Webhook } from 'standardwebhooks';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { addEndpoint, listenAt, send } from '../support/webhooks';

type Attempt = {
  id: string;
  status: number;
  statusText: string;
  reason: string;
  responseStatusCode: number;
  response: string;
  url: string;
  endpointId: string;
};
type Page<Item> = { data: Item[]; done: boolean; iterator: string | null };

describe('a message', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { DELIVERY_RETRY_SCHEDULE: '0,0', DELIVERY_TIMEOUT_MS: '1000' } });
    ann = await signUp(app);
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(() => app.stop());

  const attemptsOf = async (appId: string, messageId: string) =>
    expected(200, await ann.organization<Page<Attempt>>('GET', `/app/${appId}/attempt/msg/${messageId}`)).data;

  const attempts = (appId: string, messageId: string, count: number) =>
    eventually(async () => {
      const found = await attemptsOf(appId, messageId);
      return found.length >= count && found;
    });

  it('arrives signed, under both brands of headers, with the id of the message', async () => {
    const { appId, secret } = await listenAt(ann, receiver.urlFor('/hook?a=1'));
    const id = await send(ann, appId, 7);
    const [request] = await receiver.received(1);
    expect(request).toMatchObject({ method: 'POST', path: '/hook?a=1' });
    expect(request?.headers).toMatchObject({ 'webhook-id': id, 'svix-id': id, 'content-type': 'application/json' });
    expect(new Webhook(secret).verify(request!.body, request!.headers as Record<string, string>)).toEqual({ n: 7 });
  });

  it('goes with the headers of the endpoint', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    expected(204, await ann.organization('PUT', `/app/${appId}/endpoint/${endpointId}/headers`, { headers: { 'X-Team': 'blue' } }));
    await send(ann, appId);
    const [request] = await receiver.received(1);
    expect(request?.headers['x-team']).toBe('blue');
  });

  it('leaves an attempt that can be read by message, by endpoint and alone', async () => {
    receiver.answer({ status: 201, body: 'thanks' });
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const id = await send(ann, appId);
    const [attempt] = await attempts(appId, id, 1);
    expect(attempt).toMatchObject({
      endpointId,
      status: 0,
      statusText: 'success',
      reason: 'ok',
      responseStatusCode: 201,
      response: 'thanks',
      url: receiver.url,
    });
    const byEndpoint = expected(200, await ann.organization<Page<Attempt>>('GET', `/app/${appId}/attempt/endpoint/${endpointId}`));
    expect(byEndpoint).toMatchObject({ data: [attempt], done: true, iterator: attempt?.id });
    expect(expected(200, await ann.organization('GET', `/app/${appId}/msg/${id}/attempt/${attempt!.id}`))).toEqual(attempt);
    expect((await ann.organization('GET', `/app/${appId}/attempt/msg/${id}?status=2`)).body).toMatchObject({ data: [] });
    expect((await ann.organization('GET', `/app/${appId}/attempt/msg/${id}?status_code_class=200&with_content=false`)).body).toMatchObject({
      data: [{ response: '{}' }],
    });
  });

  it('is tried again by the schedule with the same id and bytes, until it succeeds', async () => {
    receiver.answer({ status: 500, body: 'no' }, { status: 302, headers: { location: 'http://127.0.0.1:1/' } });
    const { appId } = await listenAt(ann, receiver.url);
    const id = await send(ann, appId);
    const requests = await receiver.received(3);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    expect(new Set(requests.map(({ body }) => body.toString()))).toEqual(new Set(['{"n":0}']));
    const found = await attempts(appId, id, 3);
    expect(found.map(({ reason, responseStatusCode }) => [reason, responseStatusCode])).toEqual([
      ['ok', 200],
      ['http_3xx', 302],
      ['http_5xx', 500],
    ]);
  });

  it('fails for good when the schedule is used up', async () => {
    receiver.answerBy(() => ({ status: 503 }));
    const { appId } = await listenAt(ann, receiver.url);
    const id = await send(ann, appId);
    expect(await attempts(appId, id, 3)).toHaveLength(3);
    await eventually(async () => (await deliveriesOf(app, id))[0]?.status === 2);
    expect(receiver.requests).toHaveLength(3);
  });

  it.each([
    ['a receiver that never answers', 'hang', 'timeout_headers'],
    ['a receiver that hangs up', 'reset', 'connection_lost'],
  ] as const)('names %s', async (_, answer, reason) => {
    receiver.answer(answer);
    const { appId } = await listenAt(ann, receiver.url);
    const id = await send(ann, appId);
    expect(await attempts(appId, id, 2)).toMatchObject([{ reason: 'ok' }, { reason, responseStatusCode: 0, status: 2 }]);
  });

  it('is not sent again to an endpoint that is gone, which is disabled', async () => {
    receiver.answer({ status: 410 });
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const id = await send(ann, appId);
    expect(await attempts(appId, id, 1)).toMatchObject([{ reason: 'http_410_gone' }]);
    await eventually(
      async () => (await ann.organization<{ disabled: boolean }>('GET', `/app/${appId}/endpoint/${endpointId}`)).body.disabled,
    );
    expect(receiver.requests).toHaveLength(1);
  });

  it('keeps 64 KiB of an answer, whatever its bytes', async () => {
    receiver.answer({ body: Buffer.alloc(200_000, 0) });
    const { appId } = await listenAt(ann, receiver.url);
    const [attempt] = await attempts(appId, await send(ann, appId), 1);
    expect(attempt).toMatchObject({ status: 0, responseStatusCode: 200 });
    expect(attempt?.response).toHaveLength(65_536);
  });

  it('goes to the endpoints that match its type and channels, and to no other', async () => {
    for (const name of ['invoice.paid', 'invoice.void']) await ann.organization('POST', '/event-type', { name, description: '' });
    const { appId } = await listenAt(ann, receiver.urlFor('/all'));
    const endpoints = {
      '/type': { eventTypes: ['invoice.paid'] },
      '/other-type': { eventTypes: ['invoice.void'] },
      '/channel': { channels: ['eu', 'us'] },
      '/other-channel': { channels: ['asia'] },
      '/disabled': { disabled: true },
    };
    for (const [path, settings] of Object.entries(endpoints)) await addEndpoint(ann, appId, receiver.urlFor(path), settings);
    const deleted = await addEndpoint(ann, appId, receiver.urlFor('/deleted'));
    expected(204, await ann.organization('DELETE', `/app/${appId}/endpoint/${deleted.endpointId}`));

    await send(ann, appId, 1, { channels: ['us'] });
    await send(ann, appId, 2);
    const requests = await receiver.received(5);
    const paths = (n: number) =>
      requests
        .filter(({ body }) => body.toString() === `{"n":${n}}`)
        .map(({ path }) => path)
        .sort();
    expect(paths(1)).toEqual(['/all', '/channel', '/type']);
    expect(paths(2)).toEqual(['/all', '/type']);
  });

  it('is refused twice with one event id, and found by it', async () => {
    const { appId } = await listenAt(ann, receiver.url);
    const id = await send(ann, appId, 1, { eventId: 'evt-1' });
    expect(await ann.organization('POST', `/app/${appId}/msg`, { eventType: 'a', payload: {}, eventId: 'evt-1' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect((await ann.organization('GET', `/app/${appId}/msg/evt-1`)).body).toMatchObject({ id, eventId: 'evt-1', payload: { n: 1 } });
    expect(await receiver.received(1)).toHaveLength(1);
  });

  it('of another organization does not exist', async () => {
    const { appId } = await listenAt(ann, receiver.url);
    const id = await send(ann, appId);
    const eve = await signUp(app, 'Eve');
    for (const path of [`/msg/${id}`, '/msg', `/attempt/msg/${id}`]) {
      expect(await eve.organization('GET', `/app/${appId}${path}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect(await eve.organization('POST', `/app/${appId}/msg`, { eventType: 'a', payload: {} })).toMatchObject({ status: 404 });
  });

  it('is accepted together with its neighbours: each has its own answer', async () => {
    const { appId } = await listenAt(ann, receiver.url);
    const calls = Array.from({ length: 60 }, (_, n) =>
      n % 3 === 0
        ? ann.organization('POST', `/app/${appId}/msg`, { eventType: 'a', payload: { n }, eventId: `same-${n % 2}` })
        : n % 3 === 1
          ? ann.organization('POST', '/app/app_unknown/msg', { eventType: 'a', payload: { n } })
          : ann.organization('POST', `/app/${appId}/msg`, { eventType: 'a', payload: { n } }),
    );
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    const count = (status: number) => statuses.filter((each) => each === status).length;
    expect({ 202: count(202), 404: count(404), 409: count(409) }).toEqual({ 202: 22, 404: 20, 409: 18 });
    await receiver.received(22);
  });
});

/** What is known of the deliveries of a message; no route shows it yet. */
async function deliveriesOf(app: TestApp, messageId: string): Promise<{ status: number; reason: string }[]> {
  const { DataSource } = await import('typeorm');
  return app.http.get(DataSource).query('SELECT status, reason FROM delivery WHERE message_id = $1', [messageId]);
}
