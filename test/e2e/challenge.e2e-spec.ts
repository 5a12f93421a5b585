import { Webhook } from 'standardwebhooks';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Answer, type Receiver, startReceiver } from '../support/receiver';
import { listenAt, send } from '../support/webhooks';

type Result = { verified: boolean; reason: string; verifiedAt: string | null };
type Endpoint = { verifiedAt: string | null };

describe('POST /app/{app}/endpoint/{endpoint}/challenge', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app);
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(() => app.stop());

  const challenge = async (path: string) => expected(200, await ann.organization<Result>('POST', `${path}/challenge`));
  const verifiedAt = async (path: string) => expected(200, await ann.organization<Endpoint>('GET', path)).verifiedAt;
  const valueOf = (headers: Receiver['requests'][number]['headers']) => String(headers['webhook-challenge']);

  it.each<[string, (value: string) => Answer]>([
    ['the body', (value) => ({ status: 200, body: `{"challenge":"${value}"}` })],
    ['the header', (value) => ({ status: 204, headers: { 'webhook-challenge-response': value } })],
  ])('verifies an endpoint that answers in %s, until its URL changes', async (_where, answer) => {
    receiver.answerBy(({ headers }) => answer(valueOf(headers)));
    const { appId, endpointId, secret } = await listenAt(ann, receiver.url, { headers: { 'X-Team': 'blue' } });
    const path = `/app/${appId}/endpoint/${endpointId}`;
    expect(await verifiedAt(path)).toBeNull();
    const result = await challenge(path);
    expect(result).toEqual({ verified: true, reason: 'ok', verifiedAt: expect.any(String) as string });
    expect(await verifiedAt(path)).toBe(result.verifiedAt);

    const [request] = receiver.requests;
    expect(request).toMatchObject({ method: 'POST', headers: { 'x-team': 'blue', 'content-type': 'application/json' } });
    expect(new Webhook(secret).verify(request!.body, request!.headers as Record<string, string>)).toEqual({ type: 'endpoint.challenge' });
    expect(request!.body.toString()).not.toContain(valueOf(request!.headers));

    expected(200, await ann.organization('PATCH', path, { description: 'another', url: receiver.url }));
    expect(await verifiedAt(path)).toBe(result.verifiedAt);
    expected(200, await ann.organization('PATCH', path, { url: receiver.urlFor('/moved') }));
    expect(await verifiedAt(path)).toBeNull();
  });

  it.each<[string, Answer]>([
    ['wrong_answer', { status: 200, body: 'fine' }],
    ['http_4xx', { status: 404 }],
    ['http_3xx', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
    ['connection_lost', 'reset'],
    ['timeout_headers', 'hang'],
  ])('tells why one is not verified: %s', async (reason, answer) => {
    receiver.answer(answer);
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const path = `/app/${appId}/endpoint/${endpointId}`;
    expect(await challenge(path)).toEqual({ verified: false, reason, verifiedAt: null });
    expect(await verifiedAt(path)).toBeNull();
  });
});

describe('where a challenge is demanded', () => {
  type Shown = {
    id: string;
    disabled: boolean;
    verifiedAt: string | null;
    state: { status: string; by: string | null; reason: string | null };
  };
  const WAITS = { disabled: true, state: { status: 'disabled', by: 'system', reason: 'unverified' } };
  const ENABLED = { disabled: false, state: { status: 'enabled', by: null, reason: null } };
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { ENDPOINT_CHALLENGE: 'required' } });
    ann = await signUp(app);
  });
  beforeEach(async () => {
    receiver = await startReceiver();
    receiver.answerBy(({ headers }) => ({ status: 200, body: String(headers['webhook-challenge'] ?? 'ok') }));
  });
  afterEach(() => receiver.stop());
  afterAll(() => app.stop());

  const ask = async <T>(status: number, method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object) =>
    expected(status, await ann.organization<T>(method, path, body));
  const challenge = (path: string) => ask<Result>(200, 'POST', `${path}/challenge`);
  /** What came for messages. */
  const arrived = () => receiver.requests.filter(({ headers }) => !headers['webhook-challenge']).map(({ body }) => body.toString());

  it('nothing is sent before the answer, and all that comes after it', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const path = `/app/${appId}/endpoint/${endpointId}`;
    expect(await ask<Shown>(200, 'GET', path)).toMatchObject(WAITS);
    await send(ann, appId, 1);
    expect(await ask<Shown>(200, 'PATCH', path, { disabled: false })).toMatchObject(WAITS);
    expect(await ask<Shown>(200, 'PUT', path, { url: receiver.url })).toMatchObject(WAITS);
    expect(await ask(409, 'POST', `${path}/enable`, {})).toMatchObject({ code: 'endpoint_unverified' });

    receiver.answer({ status: 200 });
    expect(await challenge(path)).toMatchObject({ verified: false });
    expect(await ask<Shown>(200, 'GET', path)).toMatchObject(WAITS);
    receiver.answerBy(({ headers }) => ({ status: 200, body: String(headers['webhook-challenge'] ?? 'ok') }));
    expect(await challenge(path)).toMatchObject({ verified: true });
    expect(await ask<Shown>(200, 'GET', path)).toMatchObject(ENABLED);
    await send(ann, appId, 2);
    await eventually(() => arrived().length > 0, { what: 'the second message' });
    expect(arrived()).toEqual(['{"n":2}']);

    const task = await ask<{ task: { id: string } }>(200, 'POST', `${path}/enable`, { recoverSince: new Date(Date.now() - 60_000) });
    expect(task.task.id).toMatch(/^qtask_/);
    await eventually(() => arrived().length === 2, { what: 'the first message' });
  });

  it('a move asks again, and so does who enables what they disabled themselves', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const path = `/app/${appId}/endpoint/${endpointId}`;
    await challenge(path);
    expect(await ask<Shown>(200, 'PATCH', path, { url: receiver.urlFor('/moved') })).toMatchObject({ ...WAITS, verifiedAt: null });
    await ask(200, 'PATCH', path, { disabled: true });
    await challenge(path);
    expect(await ask<Shown>(200, 'GET', path)).toMatchObject({ disabled: true, state: { by: 'owner', reason: 'owner' } });
    expect(await ask<Shown>(200, 'PATCH', path, { disabled: false })).toMatchObject(ENABLED);
  });

  it('operational webhooks are asked as well', async () => {
    const hook = await ask<Shown>(201, 'POST', '/operational-webhook/endpoint', { url: receiver.url, eventTypes: ['endpoint.created'] });
    expect(hook).toMatchObject(WAITS);
    const path = `/operational-webhook/endpoint/${hook.id}`;
    await listenAt(ann, receiver.url);
    expect(await challenge(path)).toMatchObject({ verified: true });
    expect(await ask<Shown>(200, 'GET', path)).toMatchObject(ENABLED);
    const { endpointId } = await listenAt(ann, receiver.url);
    await eventually(() => arrived().length > 0, { what: 'the operational webhook' });
    expect(arrived().map((body) => JSON.parse(body) as object)).toMatchObject([{ type: 'endpoint.created', data: { endpointId } }]);
    expect(await ask(404, 'POST', '/operational-webhook/endpoint/none/challenge')).toMatchObject({ code: 'not_found' });
  });
});
