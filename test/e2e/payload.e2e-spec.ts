import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { addEndpoint, listenAt } from '../support/webhooks';

/** Reading and printing again would change every one of them, and with them what their sender may have signed. */
const PAYLOADS = {
  'big integers': '{"id":12345678901234567890,"n":9007199254740993}',
  'forms of numbers': '{"a":1.0,"b":-0,"c":1e400,"d":1E+2,"e":0.1000}',
  'order of keys': '{"b":1,"2":1,"a":1,"1":1}',
  'repeated keys': '{"a":1,"a":2}',
  spacing: '{ "a" :\t[ 1 ,\n\r 2 ] , "b" : { } }',
  escapes: String.raw`{"a":"\u0061\/\"\\\b\f\n\r\t","\u0062":"\u00e9"}`,
  'what no database keeps as text': String.raw`{"nul":"\u0000","half":"\ud800","other":"\udc00\ud800"}`,
  unicode: '{"ключ":"🦊 é é \u202e ﷽","":""}',
  'names of the language': '{"__proto__":{"admin":true},"constructor":1,"toString":null}',
  'brackets in strings': '{"a":"}]{[\\"","b":"//"}',
  'the empty object': '{}',
  'white space only': '{   }',
  depth: `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
  size: `{"a":"${'x'.repeat(200_000)}"}`,
};

/** JSON as somebody's printer might write it: any white space, any form of number, any escape. */
const { object: anyObject } = fc.letrec<{ value: string; object: string; array: string }>((tie) => {
  const space = fc.stringMatching(/^[ \t\r\n]{0,2}$/);
  const text = fc.oneof(
    fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value)),
    fc.stringMatching(/^(\\u[0-9a-fA-F]{4}|\\[nrtbf"\\/]|[a-z]){0,6}$/).map((value) => `"${value}"`),
  );
  const number = fc.stringMatching(/^-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,4})?$/);
  const between = (open: string, close: string, item: fc.Arbitrary<string>) =>
    fc
      .tuple(space, fc.array(item, { maxLength: 4 }), space)
      .map(([before, items, after]) => open + before + items.join(`,${after}`) + close);
  return {
    value: fc.oneof({ maxDepth: 4 }, text, number, fc.constantFrom('true', 'false', 'null'), tie('object'), tie('array')),
    object: between(
      '{',
      '}',
      fc.tuple(text, space, space, tie('value')).map(([key, a, b, value]) => `${key}${a}:${b}${value}`),
    ),
    array: between('[', ']', tie('value')),
  };
});

describe('a payload', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true }), startReceiver()]);
    ann = await signUp(app);
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  const get = async (url: string) => app.http.inject({ url: `/api/v1${url}`, headers: { authorization: `Bearer ${ann.apiKey}` } });

  it.each(Object.entries(PAYLOADS))('is shown, listed, sent and signed as it came, byte for byte: %s', async (_what, payload) => {
    const { id: appId } = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' }));
    const { secret } = await addEndpoint(ann, appId, receiver.urlFor(`/${appId}`));

    const accepted = await app.http.inject({
      method: 'POST',
      url: `/api/v1/app/${appId}/msg`,
      headers: { authorization: `Bearer ${ann.apiKey}`, 'content-type': 'application/json' },
      payload: ` {\n"payload" :  ${payload} ,"eventType":"a.b"}\n`,
    });
    expect(accepted.statusCode).toBe(202);
    expect(accepted.body.endsWith(`,"payload":${payload}}`)).toBe(true);
    const { id } = accepted.json<{ id: string }>();
    expect((await get(`/app/${appId}/msg/${id}`)).body.endsWith(`,"payload":${payload}}`)).toBe(true);
    expect((await get(`/app/${appId}/msg`)).body).toContain(`,"payload":${payload}}],`);
    expect((await get(`/app/${appId}/msg/${id}?with_content=false`)).json()).toMatchObject({ payload: {} });

    const arrived = await eventually(() => receiver.requests.find(({ path }) => path === `/${appId}`), { what: 'the delivery' });
    expect(arrived.body.equals(Buffer.from(payload))).toBe(true);
    expect(() => new Webhook(secret).verify(arrived.body, arrived.headers as Record<string, string>)).not.toThrow();
    expect(() => new Webhook(secret).verify(`${arrived.body.toString()} `, arrived.headers as Record<string, string>)).toThrow();
  });

  it('arrives as it came, whatever it is', async () => {
    const { appId, secret } = await listenAt(ann, receiver.urlFor('/any'));
    const payloads = fc.sample(anyObject, { numRuns: 300, seed: 1 });
    const sent = await Promise.all(
      payloads.map(async (payload, n) => {
        const accepted = await app.http.inject({
          method: 'POST',
          url: `/api/v1/app/${appId}/msg`,
          headers: { authorization: `Bearer ${ann.apiKey}`, 'content-type': 'application/json' },
          payload: `{"eventType":"a.b","eventId":"any-${n}","payload":${payload}}`,
        });
        return [accepted.json<{ id: string }>().id, payload] as const;
      }),
    );
    const arrived = await eventually(
      () => {
        const requests = receiver.requests.filter(({ path }) => path === '/any');
        return requests.length >= sent.length && requests;
      },
      { within: 30_000, what: 'all deliveries' },
    );
    const bodies = new Map(arrived.map(({ headers, body }) => [headers['webhook-id'], body.toString()]));
    expect(bodies).toEqual(new Map(sent));
    for (const { body, headers } of arrived)
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
  });
});
