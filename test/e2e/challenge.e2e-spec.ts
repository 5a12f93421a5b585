import { Webhook } from 'standardwebhooks';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { type Answer, type Receiver, startReceiver } from '../support/receiver';
import { listenAt } from '../support/webhooks';

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
