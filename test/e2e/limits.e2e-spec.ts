import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sql } from '../../src/platform/database/sql';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';

type Row = { readonly what: string; readonly limit: number };
type Reply = { readonly statusCode: number; readonly body: string };
/** Sends something that is `n` large. */
type Walk = (n: number) => Promise<Reply>;

const URL = 'http://127.0.0.1:8080/';
const DAY_MS = 86_400_000;

/** `| Of | What | Limit |` */
function rowsOf(document: string): Row[] {
  const rows = document.matchAll(/^\| ([a-z][^|]*?) *\| ([^|]+?) *\| +([\d,]+) \|$/gm);
  return [...rows].map(([, of, what, limit]) => ({ what: `${of!}: ${what!}`, limit: Number(limit!.replaceAll(',', '')) }));
}

const ROWS = rowsOf(readFileSync(join(__dirname, '../../docs/limits.md'), 'utf8'));

describe('docs/limits.md', () => {
  let app: TestApp;
  let ann: Account;
  let count = 0;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app);
    expected(201, await ann.organization('POST', '/app', { name: 'Acme', uid: 'acme' }));
    expected(201, await ann.organization('POST', '/app', { name: 'Full', uid: 'full' }));
    expected(201, await ann.organization('POST', '/app/acme/endpoint', { url: URL, uid: 'main' }));
    const names = Array.from({ length: 1_000 }, (_, n) => ({ name: `e${n}`, description: '' }));
    expected(204, await ann.organization('POST', '/environment/import', { eventTypes: names }));
  });
  afterAll(() => app.stop());

  const call = (method: 'GET' | 'POST' | 'PUT', path: string, payload?: object | string, headers: object = {}): Promise<Reply> =>
    app.http.inject({
      method,
      url: `/api/v1${path}`,
      headers: { authorization: `Bearer ${ann.apiKey}`, ...(payload && { 'content-type': 'application/json' }), ...headers },
      ...(payload && { payload }),
    });
  const long = (n: number) => 'x'.repeat(n);
  const many = <T>(n: number, item: (at: number) => T) => Array.from({ length: n }, (_, at) => item(at));
  const endpoint = (settings: object) => call('POST', '/app/acme/endpoint', { url: URL, ...settings });
  const application = (settings: object) => call('POST', '/app', { name: 'x', ...settings });
  const eventType = (settings: object) => call('POST', '/event-type', { name: `made${count++}`, description: '', ...settings });
  const message = (settings: object) => call('POST', '/app/acme/msg', { eventType: 'x', payload: {}, ...settings });
  const headers = (given: object) => call('PUT', '/app/acme/endpoint/main/headers', { headers: given });
  const transformation = (given: object) =>
    app.http.inject({
      method: 'PATCH',
      url: '/api/v1/app/acme/endpoint/main/transformation',
      headers: { authorization: `Bearer ${ann.apiKey}` },
      payload: given,
    });
  const portal = (settings: object) => call('POST', '/auth/app-portal-access/acme', settings);
  const usage = { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' };

  /** An application that has one endpoint less. */
  async function endpointNumber(n: number): Promise<Reply> {
    await app.http.get(Sql).run(
      `INSERT INTO endpoint (id, organization_id, application_id, url, description, disabled, metadata, secrets, headers, version, created_at, updated_at)
       SELECT 'ep_' || lpad(made::text, 27, '0'), a.organization_id, a.id, '', '', true, '', '', '', 1, now(), now()
         FROM application a,
              generate_series((SELECT count(*) FROM endpoint e JOIN application o ON o.id = e.application_id WHERE o.uid = 'full') + 1, $1::int - 1) made
        WHERE a.uid = 'full'`,
      [n],
    );
    return call('POST', '/app/full/endpoint', { url: URL });
  }

  const WALKS: Record<string, Walk> = {
    'request: bytes of the body (`MAX_BODY_BYTES`)': (n) => call('POST', '/app', `{"name":"x"${long(0).padEnd(n - 12)}}`),
    'request: characters of an `Idempotency-Key`': (n) => call('POST', '/app', { name: 'x' }, { 'idempotency-key': long(n) }),
    'list: `limit`': (n) => call('GET', `/app?limit=${n}`),
    'list: names in a filter': (n) => call('GET', `/app/acme/msg?event_types=${many(n, () => 'x').join()}`),
    'names: characters of a uid, an event id or an event type': (n) => application({ uid: long(n) }),
    'names: bytes of `metadata`, as JSON': (n) => application({ metadata: { k: long(n - 8) } }),
    'names: `throttleRate`': (n) => application({ throttleRate: n }),
    'application: characters of the name': (n) => application({ name: long(n) }),
    'application: endpoints': endpointNumber,
    'endpoint: bytes of the URL': (n) => endpoint({ url: URL.padEnd(n, 'x') }),
    'endpoint: characters of the description': (n) => endpoint({ description: long(n) }),
    'endpoint: event types': (n) => endpoint({ eventTypes: many(n, (at) => `e${at}`) }),
    'endpoint: channels': (n) => endpoint({ channels: many(n, (at) => `c${at}`) }),
    'endpoint: characters of a channel': (n) => endpoint({ channels: [long(n)] }),
    'endpoint: headers': (n) => headers(Object.fromEntries(many(n, (at) => [`x-${at}`, 'a']))),
    "endpoint: characters of a header's name": (n) => headers({ [long(n)]: 'a' }),
    "endpoint: characters of a header's value": (n) => headers({ a: long(n) }),
    'endpoint: characters of all headers': (n) =>
      headers({ ...Object.fromEntries(many(4, (at) => [`x${at}`, long(4_000)])), y: long(n - 16_009) }),
    'endpoint: `maxInFlight`': (n) => endpoint({ maxInFlight: n }),
    'endpoint: milliseconds of `timeoutMs`': (n) => endpoint({ timeoutMs: n }),
    'endpoint: retries in `retrySchedule`': (n) => endpoint({ retrySchedule: many(n, () => 1) }),
    'endpoint: seconds between two retries': (n) => endpoint({ retrySchedule: [n] }),
    'endpoint: seconds of grace for a key that is replaced': (n) =>
      call('POST', '/app/acme/endpoint/main/secret/rotate', { gracePeriodSeconds: n }),
    'endpoint: bytes of the code of a transformation': (n) => transformation({ code: 'function handler() {}'.padEnd(n, ' ') }),
    'endpoint: bytes of the variables of a transformation, as JSON': (n) => transformation({ variables: { k: long(n - 8) } }),
    'event type: characters of the description': (n) => eventType({ description: long(n) }),
    'event type: bytes of all schemas, as JSON': (n) => eventType({ schemas: { 1: { title: long(n - 18) } } }),
    'event type: feature flags': (n) => eventType({ featureFlags: many(n, (at) => `f${at}`) }),
    'message: channels': (n) => message({ channels: many(n, (at) => `c${at}`) }),
    'message: tags': (n) => message({ tags: many(n, (at) => `t${at}`) }),
    'message: characters of a tag': (n) => message({ tags: [long(n)] }),
    'message: days ahead of `deliverAt`': (n) => message({ deliverAt: new Date(Date.now() + n * DAY_MS - 60_000).toISOString() }),
    'message: days of `payloadRetentionPeriod`': (n) => message({ payloadRetentionPeriod: n }),
    'message: hours of `payloadRetentionHours`': (n) => message({ payloadRetentionHours: n }),
    'message: messages of a batch': (n) =>
      call('POST', '/app/acme/msg/batch', { messages: many(n, () => ({ eventType: 'x', payload: {} })) }),
    'message: messages whose payloads are deleted at once': (n) =>
      call('POST', '/app/acme/msg/bulk-expunge', { ids: many(n, (at) => `m${at}`) }),
    'import: event types of an environment': (n) =>
      call('POST', '/environment/import', { eventTypes: many(n, (at) => ({ name: `e${at}`, description: '' })) }),
    'import: webhooks of an OpenAPI document': (n) => {
      const webhooks = Object.fromEntries(many(n, (at) => [`e${at}`, { post: {} }]));
      return call('POST', '/event-type/import/openapi', { spec: { openapi: '3.1.0', webhooks } });
    },
    'portal: feature flags of a token': (n) => portal({ featureFlags: many(n, (at) => `f${at}`) }),
    'portal: seconds of `expiry`': (n) => portal({ expiry: n }),
    'portal: characters of a session id': (n) => portal({ sessionId: long(n) }),
    'portal: session ids that are ended at once': (n) =>
      call('POST', '/auth/app/acme/expire-all', { sessionIds: many(n, (at) => `s${at}`) }),
    'usage: applications that are named': (n) => call('POST', '/stats/usage/app', { ...usage, appIds: many(n, () => 'acme') }),
  };

  it('is walked from end to end', () => {
    expect(ROWS.map(({ what }) => what)).toEqual(Object.keys(WALKS));
  });

  it.each(ROWS)('is true of $what: $limit', async ({ what, limit }) => {
    const walk = WALKS[what]!;
    const at = await walk(limit);
    expect({ status: at.statusCode, body: at.statusCode < 300 ? '' : at.body }).toEqual({ status: expect.any(Number) as number, body: '' });
    const over = await walk(limit + 1);
    expect(over.statusCode).toBe(what.startsWith('request: bytes') ? 413 : 422);
    expect(over.body.replaceAll(/(?<=\d),(?=\d{3})/g, '')).toContain(String(limit));
  });
});
