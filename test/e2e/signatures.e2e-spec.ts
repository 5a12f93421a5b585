import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { Webhook as SvixWebhook1 } from 'svix-v1';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Answer, type ReceivedRequest, type Receiver, startReceiver } from '../support/receiver';
import { listenAt, type Listener, send } from '../support/webhooks';

/** The verifiers that receivers use, unmodified. */
const VERIFIERS = [StandardWebhook, SvixWebhook, SvixWebhook1];

/** All of them say the same of a delivery. */
function accepted(secret: string, { body, headers }: ReceivedRequest): boolean {
  const verdicts = VERIFIERS.map((Verifier) => {
    try {
      new Verifier(secret).verify(body.toString(), headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  });
  if (new Set(verdicts).size > 1) throw new Error(`The verifiers disagree: ${verdicts.join()}`);
  return verdicts[0]!;
}

describe('a delivery', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { DELIVERY_RETRY_SCHEDULE: '0,0' } });
    ann = await signUp(app);
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(() => app.stop());

  const keyPath = ({ appId, endpointId }: Listener) => `/app/${appId}/endpoint/${endpointId}/secret`;
  const keyOf = async (listener: Listener) => expected(200, await ann.organization<{ key: string }>('GET', keyPath(listener))).key;
  const rotate = async (listener: Listener, body: object) => {
    expected(204, await ann.organization('POST', `${keyPath(listener)}/rotate`, body));
    return keyOf(listener);
  };
  /** The delivery of one more message. */
  const next = async ({ appId }: Listener): Promise<ReceivedRequest> => {
    const before = receiver.requests.length;
    await send(ann, appId, before);
    return (await receiver.received(before + 1))[before]!;
  };

  it('is accepted by all verifiers: before a rotation, by both keys during the grace period, by the new one alone after it', async () => {
    const listener = await listenAt(ann, receiver.url);
    const old = listener.secret;
    expect(accepted(old, await next(listener))).toBe(true);

    const fresh = await rotate(listener, { gracePeriodSeconds: 2 });
    expect(fresh).not.toBe(old);
    const during = await next(listener);
    expect([accepted(old, during), accepted(fresh, during)]).toEqual([true, true]);
    await eventually(async () => !accepted(old, await next(listener)), { what: 'the end of the grace period' });
    for (const request of receiver.requests.slice(1)) expect(accepted(fresh, request)).toBe(true);

    const newest = await rotate(listener, { gracePeriodSeconds: 0 });
    const after = await next(listener);
    expect([old, fresh, newest].map((key) => accepted(key, after))).toEqual([false, false, true]);
  });

  it('is signed anew for each attempt, and by the keys of that moment', async () => {
    const listener = await listenAt(ann, receiver.url);
    let fail = (): void => undefined;
    const failed = new Promise<Answer>(
      (resolve) =>
        (fail = () => {
          resolve({ status: 500 });
        }),
    );
    receiver.answerBy((_, index) => (index === 0 ? failed : { status: 200 }));
    await send(ann, listener.appId);
    await receiver.received(1);
    const fresh = await rotate(listener, { gracePeriodSeconds: 0 });
    fail();
    const [first, second] = await receiver.received(2);
    expect([accepted(listener.secret, first!), accepted(listener.secret, second!)]).toEqual([true, false]);
    expect([accepted(fresh, first!), accepted(fresh, second!)]).toEqual([false, true]);
  });

  it('is signed by a key that the owner brought, in both forms of it', async () => {
    const listener = await listenAt(ann, receiver.url);
    const own = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect(await rotate(listener, { key: own, gracePeriodSeconds: 0 })).toBe(own);
    const request = await next(listener);
    expect([accepted(own, request), accepted(own.replace('whsec_', ''), request)]).toEqual([true, true]);
    expect(accepted(own, { ...request, body: Buffer.from('{"n":"other"}') })).toBe(false);
    const stale = { ...request, headers: { ...request.headers, 'webhook-timestamp': '1700000000', 'svix-timestamp': '1700000000' } };
    expect(accepted(own, stale)).toBe(false);
  });

  it('is verified by the public half of a key pair, also beside a secret during its grace period', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const { d = '' } = privateKey.export({ format: 'jwk' });
    const { x = '' } = publicKey.export({ format: 'jwk' });
    const key = `whsk_${Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]).toString('base64')}`;
    const listener = await listenAt(ann, receiver.url);
    const shown = await rotate(listener, { key, gracePeriodSeconds: 3_600 });
    expect(shown).toBe(`whpk_${Buffer.from(x, 'base64url').toString('base64')}`);

    const request = await next(listener);
    expect(accepted(listener.secret, request)).toBe(true);
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = request.headers;
    const [, signature] = String(signatures)
      .split(' ')
      .map((each) => each.split(','))
      .find(([version]) => version === 'v1a')!;
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(shown.slice(5), 'base64').toString('base64url') };
    const signed = (body: Buffer) =>
      verify(
        null,
        Buffer.concat([Buffer.from(`${String(id)}.${String(timestamp)}.`), body]),
        createPublicKey({ key: jwk, format: 'jwk' }),
        Buffer.from(signature!, 'base64'),
      );
    expect([signed(request.body), signed(Buffer.from('{}'))]).toEqual([true, false]);
  });

  it('goes by the settings of this moment: address, headers and key of the change before it', async () => {
    const listener = await listenAt(ann, receiver.urlFor('/first'));
    const path = `/app/${listener.appId}/endpoint/${listener.endpointId}`;
    expect((await next(listener)).path).toBe('/first');
    expected(200, await ann.organization('PATCH', path, { url: receiver.urlFor('/second') }));
    expect((await next(listener)).path).toBe('/second');
    expected(204, await ann.organization('PUT', `${path}/headers`, { headers: { 'X-Team': 'blue', 'X-Gone': '1' } }));
    expect((await next(listener)).headers).toMatchObject({ 'x-team': 'blue', 'x-gone': '1' });
    expected(204, await ann.organization('PATCH', `${path}/headers`, { headers: { 'x-team': 'green' }, deleteHeaders: ['X-GONE'] }));
    const changed = await next(listener);
    expect(changed.headers['x-team']).toBe('green');
    expect(changed.headers).not.toHaveProperty('x-gone');
    expected(204, await ann.organization('PATCH', `${path}/headers`, { headers: { 'X-TEAM': null } }));
    expect((await next(listener)).headers).not.toHaveProperty('x-team');
  });

  it('writes the names of headers as their owner did, and each once', async () => {
    const listener = await listenAt(ann, receiver.url, { headers: { 'X-TeAm': 'blue', authorization: 'Bearer x', ACCEPT: 'text/plain' } });
    const { headerNames } = await next(listener);
    expect(headerNames).toEqual(expect.arrayContaining(['X-TeAm', 'authorization', 'ACCEPT']));
    const names = headerNames.map((name) => name.toLowerCase());
    expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
  });

  it('takes no header that is not the owner’s to set, on any way in', async () => {
    const listener = await listenAt(ann, receiver.url);
    const path = `/app/${listener.appId}/endpoint`;
    for (const name of [
      'Host',
      'Content-Type',
      'WEBHOOK-ID',
      'svix-signature',
      'Metadata-Flavor',
      'X-Forwarded-For',
      'a b',
      'X-Evil\r\nHost',
    ]) {
      const headers = { [name]: 'x' };
      for (const reply of [
        await ann.organization('POST', path, { url: receiver.url, headers }),
        await ann.organization('PUT', `${path}/${listener.endpointId}/headers`, { headers }),
        await ann.organization('PATCH', `${path}/${listener.endpointId}/headers`, { headers }),
      ])
        expect({ name, reply: { status: reply.status, body: reply.body } }).toMatchObject({
          reply: { status: 422, body: { code: 'validation_error', detail: [{ loc: ['body', 'headers', name] }] } },
        });
    }
    expect((await next(listener)).headers.host).toBe(new URL(receiver.url).host);
  });
});
