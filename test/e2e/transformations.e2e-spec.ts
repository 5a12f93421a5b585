import { Webhook } from 'standardwebhooks';
import { Sql } from '../../src/platform/database/sql';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type ReceivedRequest, type Receiver, startReceiver } from '../support/receiver';
import { addEndpoint, listenAt, send } from '../support/webhooks';

type Attempt = {
  reason: string;
  reasonText: string;
  url: string;
  responseStatusCode: number;
  details: { transformation: { method: string | null; error: string | null } | null };
};
type Simulated = { outcome: string; method: string; url: string; headers: object; payload: string; reason: string; error: string };
type Problem = { detail: { loc: string[]; msg: string }[] };

const returning = (body: string) => `function handler(webhook) { ${body} }`;

/** Each stops by itself never, or wants what there is not. */
const HOSTILE: readonly (readonly [reason: string, code: string])[] = [
  ['transformation_timeout', returning('for (;;);')],
  ['transformation_timeout', returning('for (;;) { try { for (;;); } catch {} }')],
  ['transformation_timeout', returning('return [].indexOf.call({ length: 2 ** 53 - 1 }, 1);')],
  ['transformation_timeout', returning('/^(a+)+$/.test("a".repeat(64) + "b");')],
  ['transformation_memory', returning('const all = []; for (;;) all.push(new ArrayBuffer(1 << 22));')],
  ['transformation_memory', returning('let all = "x"; for (;;) all += all;')],
  ['transformation_memory', returning('const deeper = () => deeper() + 1; deeper();')],
  ['transformation_error', returning('webhook.payload = process.env; return webhook;')],
  ['transformation_error', returning('return require("fs");')],
  ['transformation_error', returning('return import("node:fs");')],
  ['transformation_error', returning('return fetch("http://127.0.0.1/");')],
  ['transformation_error', returning('setTimeout(() => {}, 0); return webhook;')],
  ['transformation_error', returning('return { get payload() { throw new Error("trap"); } };')],
  ['transformation_invalid', returning('return new Promise(() => {});')],
  ['transformation_invalid', returning('webhook.url = "http://169.254.169.254/latest/meta-data"; return webhook;')],
  ['transformation_too_large', returning('webhook.payload = "x".repeat(1048577); return webhook;')],
];

describe('a transformation', () => {
  let app: TestApp;
  let ann: Account;
  let bob: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { DELIVERY_RETRY_SCHEDULE: '1' } });
    [ann, bob] = [await signUp(app, 'Ann'), await signUp(app, 'Bob')];
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(() => app.stop());

  const pathOf = (appId: string, endpointId: string) => `/app/${appId}/endpoint/${endpointId}/transformation`;
  async function transform(appId: string, endpointId: string, code: string, more: object = {}): Promise<void> {
    expected(204, await ann.organization('PATCH', pathOf(appId, endpointId), { code, enabled: true, ...more }));
  }
  const settled = (appId: string) =>
    eventually(
      async () => {
        const open = ['message_outbox', 'filter_candidate', 'pending_delivery'].map(
          (table) => `SELECT 1 FROM ${table} WHERE application_id = $1`,
        );
        return (await app.http.get(Sql).run(open.join(' UNION ALL '), [appId])).length === 0;
      },
      { what: 'nothing is under way', within: 60_000 },
    );
  const attemptsOf = async (appId: string, endpointId: string) =>
    expected(200, await ann.organization<{ data: Attempt[] }>('GET', `/app/${appId}/attempt/endpoint/${endpointId}`)).data;
  const verify = (secret: string, { body, headers }: ReceivedRequest) =>
    new Webhook(secret).verify(body, headers as Record<string, string>);

  it('changes what is sent, where and how, and signs that; the message stays as it was', async () => {
    const { appId, endpointId, secret } = await listenAt(ann, receiver.urlFor('/plain'), { headers: { 'X-Team': 'blue' } });
    const code = returning(`
      webhook.method = 'PUT';
      webhook.url += '/' + webhook.eventType;
      webhook.headers['X-Channel'] = webhook.variables.channel;
      webhook.payload = { text: 'n is ' + webhook.payload.n };
      return webhook;`);
    await transform(appId, endpointId, code, { variables: { channel: 'ops' } });
    const messageId = await send(ann, appId, 7);
    const [request] = await receiver.received(1);
    const headers = { 'x-team': 'blue', 'x-channel': 'ops', 'webhook-id': messageId, 'content-type': 'application/json' };
    expect(request).toMatchObject({ method: 'PUT', path: '/plain/invoice.paid', headers });
    expect(verify(secret, request!)).toEqual({ text: 'n is 7' });
    await settled(appId);
    const stored = expected(200, await ann.organization<{ payload: object }>('GET', `/app/${appId}/msg/${messageId}`));
    expect(stored.payload).toEqual({ n: 7 });
    expect(await attemptsOf(appId, endpointId)).toMatchObject([
      { reason: 'ok', url: receiver.urlFor('/plain/invoice.paid'), details: { transformation: { method: 'PUT', error: null } } },
    ]);
  });

  it('leaves the very bytes of a payload that it does not touch', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    await transform(appId, endpointId, returning('webhook.headers = { "X-Seen": String(webhook.payload.n) }; return webhook;'));
    const body = '{ "eventType": "a", "payload": { "z": 12345678901234567890, "n": 1.0, "a": "\\u00e9" } }';
    const headers = { authorization: `Bearer ${ann.apiKey}`, 'content-type': 'application/json' };
    const reply = await app.http.inject({ method: 'POST', url: `/api/v1/app/${appId}/msg`, headers, payload: body });
    expect(reply.statusCode).toBe(202);
    const [request] = await receiver.received(1);
    expect(request!.headers['x-seen']).toBe('1');
    expect(request!.body.toString()).toBe('{ "z": 12345678901234567890, "n": 1.0, "a": "\\u00e9" }');
  });

  it('cancels what it cancels, keeps an order and a filter, and is the one of the moment when a message is sent again', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url, { ordering: 'fifo', filter: { n: { $gte: 1 } } });
    await transform(appId, endpointId, returning('webhook.cancel = webhook.payload.n % 2 === 0; return webhook;'));
    const ids = [];
    for (const n of [0, 1, 2, 3]) ids.push(await send(ann, appId, n));
    await settled(appId);
    expect(receiver.requests.map(({ body }) => body.toString())).toEqual(['{"n":1}', '{"n":3}']);
    const explained = expected(
      200,
      await ann.organization<{ data: { outcome: string; reason: string }[] }>('GET', `/app/${appId}/msg/${ids[2]}/explain`),
    );
    expect(explained.data).toMatchObject([{ outcome: 'canceled', reason: 'transformation_canceled' }]);

    await transform(appId, endpointId, returning('webhook.payload.again = true; return webhook;'));
    expected(202, await ann.organization('POST', `/app/${appId}/msg/${ids[2]}/endpoint/${endpointId}/resend`));
    expect((await receiver.received(3))[2]!.body.toString()).toBe('{"n":2,"again":true}');
    expected(204, await ann.organization('PATCH', pathOf(appId, endpointId), { enabled: false }));
    await send(ann, appId, 9);
    expect((await receiver.received(4))[3]!.body.toString()).toBe('{"n":9}');
  });

  it('that does harm is stopped, its attempts say why, and nobody else notices', async () => {
    const [quiet, theirs] = [await listenAt(ann, receiver.urlFor('/quiet')), await listenAt(bob, receiver.urlFor('/bob'))];
    const tidy = await addEndpoint(ann, quiet.appId, receiver.urlFor('/tidy'));
    await transform(quiet.appId, tidy.endpointId, returning('webhook.payload.tidy = true; return webhook;'));
    const { id: appId } = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Hostile' }));
    const harmful = new Map<string, string>();
    for (const [reason, code] of HOSTILE) {
      const { endpointId } = await addEndpoint(ann, appId, receiver.urlFor('/hostile'), { retrySchedule: [] });
      await transform(appId, endpointId, code);
      harmful.set(endpointId, reason);
    }
    await send(ann, appId);
    const sent: string[] = [];
    for (let n = 0; n < 20; n++) sent.push(await send(ann, quiet.appId, n), await send(bob, theirs.appId, n));
    // All of the neighbours' have arrived, once each, transformed or not.
    const arrived = (path: string) => receiver.requests.filter((request) => request.path === path);
    await eventually(() => ['/quiet', '/tidy', '/bob'].every((path) => arrived(path).length === 20), {
      what: 'neighbours',
      within: 60_000,
    });
    expect(arrived('/tidy').every(({ body }) => body.includes('"tidy":true'))).toBe(true);
    await settled(appId);
    for (const account of [quiet.appId, theirs.appId]) await settled(account);
    const ids = [...arrived('/quiet'), ...arrived('/bob')].map(({ headers }) => headers['webhook-id']);
    expect(ids.sort()).toEqual(sent.sort());

    expect(arrived('/hostile')).toEqual([]);
    for (const [endpointId, reason] of harmful) {
      const [attempt, ...more] = await attemptsOf(appId, endpointId);
      expect(more).toEqual([]);
      // Whoever fills the memory on a busy machine may run out of time first.
      expect(reason === 'transformation_memory' ? [reason, 'transformation_timeout'] : [reason]).toContain(attempt!.reason);
      expect(attempt).toMatchObject({
        responseStatusCode: 0,
        reasonText: expect.stringContaining('transformation of the endpoint') as string,
      });
      expect(attempt!.details.transformation).toEqual({ method: null, error: expect.stringMatching(/./) as string });
    }
  });

  it('that fails is tried again by the schedule, and works when it was mended', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url, { retrySchedule: [1, 1, 1, 1, 1, 1, 1, 1] });
    await transform(appId, endpointId, returning('return webhook.payload.order.id;'));
    await send(ann, appId, 5);
    await eventually(async () => (await attemptsOf(appId, endpointId)).length > 0, { what: 'an attempt' });
    await transform(appId, endpointId, returning('return webhook;'));
    await receiver.received(1);
    await settled(appId);
    const reasons = (await attemptsOf(appId, endpointId)).map(({ reason }) => reason);
    expect([reasons.at(0), reasons.at(-1)]).toEqual(['ok', 'transformation_error']);
  });

  it('is tried without sending anything, that of the endpoint or another', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url, { headers: { Authorization: 'secret', 'X-Team': 'blue' } });
    const path = `${pathOf(appId, endpointId)}/simulate`;
    const tryOut = async (given: object) =>
      expected(200, await ann.organization<Simulated>('POST', path, { eventType: 'a', payload: { n: 1 }, ...given }));
    expect((await ann.organization<Problem>('POST', path, { eventType: 'a', payload: {} })).body.detail).toMatchObject([
      { loc: ['body', 'code'] },
    ]);
    expect(await tryOut({ code: returning('webhook.payload.to = webhook.variables.to; return webhook;'), variables: { to: 'x' } })).toEqual(
      {
        outcome: 'changed',
        method: 'POST',
        url: receiver.url,
        headers: { Authorization: '[hidden]', 'X-Team': 'blue' },
        payload: '{"n":1,"to":"x"}',
        reason: null,
        reasonText: null,
        error: null,
      },
    );
    expect(await tryOut({ code: returning('webhook.cancel = true; return webhook;') })).toMatchObject({
      outcome: 'canceled',
      payload: null,
    });
    const failed = { outcome: 'failed', method: null, reason: 'transformation_error', error: 'TypeError: not a function (line 1)' };
    expect(await tryOut({ code: returning('webhook();') })).toMatchObject(failed);
    await transform(appId, endpointId, returning('webhook.payload = [webhook.payload.n]; return webhook;'), { enabled: false });
    expect(await tryOut({})).toMatchObject({ outcome: 'changed', payload: '[1]' });
    expect(receiver.requests).toEqual([]);
  });

  it('is refused when it cannot run, is sealed, and its changes are in the audit log', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const path = pathOf(appId, endpointId);
    const refused = async (body: object) => {
      const reply = await ann.organization<Problem>('PATCH', path, body);
      return [reply.status, reply.body.detail[0]];
    };
    expect(await refused({ code: 'function (' })).toMatchObject([
      422,
      { loc: ['body', 'code'], msg: expect.stringContaining('SyntaxError') as string },
    ]);
    expect(await refused({ code: 'for (;;);' })).toMatchObject([422, { loc: ['body', 'code'] }]);
    expect(await refused({ code: 'const a = 1;' })).toMatchObject([
      422,
      { loc: ['body', 'code'], msg: 'There is no function called handler.' },
    ]);
    expect(await refused({ enabled: true })).toMatchObject([422, { loc: ['body', 'enabled'] }]);
    await transform(appId, endpointId, returning('return webhook; /* canary-of-the-code */'), {
      variables: { key: 'canary-of-a-variable' },
    });
    const [row] = await app.http
      .get(Sql)
      .run<{ transformation: Buffer }>('SELECT transformation FROM endpoint WHERE id = $1', [endpointId]);
    expect(row!.transformation.toString('latin1')).not.toContain('canary');
    const log = expected(200, await ann.user<{ data: object[] }>('GET', '/audit-log?limit=5'));
    expect(JSON.stringify(log)).toContain('endpoint.transformation_changed');
    expect(JSON.stringify(log)).not.toContain('canary');
  });
});
