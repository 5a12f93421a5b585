import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { bodySchemaOf, type Description, descriptionOf, operationsOf } from '../support/description';
import { flawOf, problemOf } from '../support/refusal';

type Headers = Readonly<Record<string, string>>;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const MAX_BODY_BYTES = 100_000;
const JSON_TYPE = { 'content-type': 'application/json' };

describe('bad input', () => {
  let app: TestApp;
  let ann: Account;
  let url: string;
  let ids: Record<string, string>;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { MAX_BODY_BYTES: String(MAX_BODY_BYTES) } });
    [ann, url] = await Promise.all([signUp(app), app.listen()]);
    expected(201, await ann.organization('POST', '/app', { name: 'Acme', uid: 'acme' }));
    expected(201, await ann.organization('POST', '/app/acme/endpoint', { url: 'http://127.0.0.1:8080/', uid: 'main', disabled: true }));
    expected(
      201,
      await ann.organization('POST', '/operational-webhook/endpoint', { url: 'http://127.0.0.1:8080/', uid: 'main', disabled: true }),
    );
    expected(201, await ann.organization('POST', '/event-type', { name: 'a.b', description: 'x' }));
    expected(202, await ann.organization('POST', '/app/acme/msg', { eventType: 'a.b', payload: {}, eventId: 'e1' }));
    ids = { app_id: 'acme', endpoint_id: 'main', msg_id: 'e1', event_type_name: 'a.b' };
  });
  afterAll(() => app.stop());

  const call = (method: Method, path: string, payload?: string | Buffer, headers: Headers = JSON_TYPE) =>
    app.http.inject({
      method,
      url: `/api/v1${path}`,
      // Signing out would end the other attacks.
      headers: {
        ...(path !== '/auth/logout' && { authorization: `Bearer ${ann.accessToken}` }),
        ...(payload === undefined ? {} : headers),
      },
      ...(payload === undefined ? {} : { payload }),
    });
  const refused = async (...args: Parameters<typeof call>) => problemOf(await call(...args));

  describe('a body', () => {
    it.each(['{', 'NaN', '{"a":1,}', '{"a":1}{"a":2}', '{"a":1} // x', "{'a':1}", '[1,2', '{"a":"\n"}', '\ufeff{}', '\u0000', 'undefined'])(
      'that is not JSON is answered 400: %j',
      async (body) => {
        for (const path of ['/app/acme/msg', '/app', '/auth/login'])
          expect(await refused('POST', path, body)).toMatchObject({ status: 400, code: 'invalid_json' });
      },
    );

    it('that is not UTF-8 is answered 400', async () => {
      for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
        const body = Buffer.concat([Buffer.from('{"eventType":"a","payload":{"a":"'), Buffer.from(bytes), Buffer.from('"}}')]);
        expect(await refused('POST', '/app/acme/msg', body)).toMatchObject({ status: 400, code: 'invalid_json' });
      }
      expect(await refused('POST', '/app', Buffer.from('{}', 'utf16le'))).toMatchObject({ status: 400, code: 'invalid_json' });
    });

    it('that is missing is answered 400', async () => {
      for (const [path, headers] of [
        ['/app/acme/msg', JSON_TYPE],
        ['/app', {}],
        ['/auth/login', JSON_TYPE],
      ] as const) {
        expect(await refused('POST', path, '', headers)).toMatchObject({ status: 400, code: 'invalid_json' });
        expect(await refused('POST', path)).toMatchObject({ status: 400, code: 'invalid_json' });
      }
    });

    it.each<Headers>([
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'multipart/form-data; boundary=x' },
      { 'content-type': 'application/xml' },
      { 'content-type': 'application/json5' },
      { 'content-type': 'garbage' },
      { 'content-type': '' },
      {},
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': 'application/json; charset=iso-8859-1' },
      { 'content-type': 'application/json; charset="latin1"' },
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
      { ...JSON_TYPE, 'content-encoding': 'br' },
      { ...JSON_TYPE, 'content-encoding': 'zstd' },
      { ...JSON_TYPE, 'content-encoding': 'gzip, gzip' },
    ])('of another kind is answered 415: %j', async (headers) => {
      const body = '{"eventType":"a.b","payload":{}}';
      expect(await refused('POST', '/app/acme/msg', body, headers)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    });

    it.each<Headers>([
      { 'content-type': 'application/json; charset=utf-8' },
      { 'content-type': 'application/json;charset="UTF-8"' },
      { 'content-type': 'APPLICATION/JSON' },
      { ...JSON_TYPE, 'content-encoding': 'identity' },
    ])('of this kind is taken: %j', async (headers) => {
      expect((await call('POST', '/app/acme/msg', '{"eventType":"a.b","payload":{}}', headers)).statusCode).toBe(202);
    });

    it.each(['"x"', 'null', '7', 'true', '[]', '[{"eventType":"a.b","payload":{}}]'])(
      'that is not an object is answered 422: %s',
      async (body) => {
        for (const path of ['/app/acme/msg', '/app', '/auth/register', '/event-type', '/app/acme/endpoint'])
          expect(await refused('POST', path, body)).toMatchObject({ status: 422, code: 'validation_error', detail: [{ loc: ['body'] }] });
      },
    );

    it.each([
      ['{"payload":{}}', ['body', 'eventType']],
      ['{"eventType":7,"payload":{}}', ['body', 'eventType']],
      ['{"eventType":"a b","payload":{}}', ['body', 'eventType']],
      ['{"eventType":"","payload":{}}', ['body', 'eventType']],
      ['{"eventType":{"$ne":1},"payload":{}}', ['body', 'eventType']],
      [String.raw`{"eventType":"a\u0000","payload":{}}`, ['body', 'eventType']],
      [String.raw`{"eventType":"\ud800","payload":{}}`, ['body', 'eventType']],
      ['{"eventType":"a"}', ['body', 'payload']],
      ['{"eventType":"a","payload":null}', ['body', 'payload']],
      ['{"eventType":"a","payload":[]}', ['body', 'payload']],
      ['{"eventType":"a","payload":"x"}', ['body', 'payload']],
      ['{"eventType":"a","payload":7}', ['body', 'payload']],
      ['{"eventType":"a","data":[]}', ['body', 'data']],
      [String.raw`{"eventType":"a","payload":{},"eventId":"\u0000"}`, ['body', 'eventId']],
      ['{"eventType":"a","payload":{},"eventId":"msg_1"}', ['body', 'eventId']],
      ['{"eventType":"a","payload":{},"tags":[]}', ['body', 'tags']],
      [String.raw`{"eventType":"a","payload":{},"tags":["a\u0001b"]}`, ['body', 'tags', 0]],
      ['{"eventType":"a","payload":{},"deliverAt":"tomorrow"}', ['body', 'deliverAt']],
      ['{"eventType":"a","payload":{},"deliverAt":"2020-01-01T00:00:00Z"}', ['body', 'deliverAt']],
      ['{"eventType":"a","payload":{},"deliverAt":"9999-01-01T00:00:00Z"}', ['body', 'deliverAt']],
      ['{"eventType":"a","payload":{},"payloadRetentionPeriod":4}', ['body', 'payloadRetentionPeriod']],
      ['{"eventType":"a","payload":{},"payloadRetentionPeriod":91}', ['body', 'payloadRetentionPeriod']],
      ['{"eventType":"a","payload":{},"payloadRetentionHours":0}', ['body', 'payloadRetentionHours']],
      ['{"eventType":"a","payload":{},"payloadRetentionHours":1.5}', ['body', 'payloadRetentionHours']],
      ['{"eventType":"a","payload":{},"payloadRetentionPeriod":5,"payloadRetentionHours":5}', ['body', 'payloadRetentionHours']],
      ['{"eventType":"a","payload":{},"data":{}}', ['body', 'data']],
      ['{"eventType":"a","payload":{},"application":{"name":"x","uid":"other"}}', ['body', 'application', 'uid']],
      [
        String.raw`{"eventType":"a","payload":{},"transformationsParams":{"rawPayload":"\ud800"}}`,
        ['body', 'transformationsParams', 'rawPayload'],
      ],
      ['{"eventType":"a","payload":{},"channels":[]}', ['body', 'channels']],
      ['{"eventType":"a","payload":{},"channels":["1","2","3","4","5","6"]}', ['body', 'channels']],
      ['{"eventType":"a","payload":{},"channels":["a","b c"]}', ['body', 'channels', 1]],
      ['{"eventType":"a","payload":{"a":1},"payload":{"a":2}}', ['body', 'payload']],
      ['{"eventType":"a","eventType":"b","payload":{}}', ['body', 'eventType']],
      [String.raw`{"eventType":"a","payload":{},"p\u0061yload":{}}`, ['body', 'payload']],
      ['{"eventType":"a","payload":{},"__proto__":{},"__proto__":{}}', ['body', '__proto__']],
    ])('of a message, %s, is answered 422 with the place', async (body, loc) => {
      const { status, code, detail } = await refused('POST', '/app/acme/msg', body);
      expect({ status, code, detail }).toMatchObject({ status: 422, code: 'validation_error', detail: [{ loc }] });
    });

    it.each([
      ['/app', '{"name":"a","name":"b"}', 'name'],
      ['/app', '{"name":"a","uid":"x","uid":"y"}', 'uid'],
      ['/app/acme/endpoint', '{"url":"http://127.0.0.1:8080/","url":"http://127.0.0.1:8081/"}', 'url'],
      ['/auth/login', '{"email":"a@example.com","email":"b@example.com","password":"x"}', 'email'],
    ])('that says a thing twice is answered 422: %s %s', async (path, body, field) => {
      expect(await refused('POST', path, body)).toMatchObject({
        status: 422,
        code: 'validation_error',
        detail: [{ loc: ['body', field] }],
      });
    });

    it.each([
      ['/app', '{"name":"a\\u0000"}', 'name'],
      ['/app', '{"name":"\\udc00"}', 'name'],
      ['/app', '{"name":"a","uid":"\\u0000"}', 'uid'],
      ['/app', '{"name":"a","metadata":{"a":"\\u0000"}}', 'metadata'],
      ['/app', '{"name":"a","metadata":{"\\ud800":"a"}}', 'metadata'],
      ['/app/acme/endpoint', '{"url":"http://127.0.0.1:8080/\\u0000"}', 'url'],
      ['/app/acme/endpoint', '{"url":"http://127.0.0.1:8080/","description":"\\ud83d"}', 'description'],
      ['/app/acme/endpoint', '{"url":"http://127.0.0.1:8080/","channels":["\\u0000"]}', 'channels'],
      ['/event-type', '{"name":"n","description":"\\u0000"}', 'description'],
      ['/auth/register', '{"email":"a\\u0000@example.com","password":"long enough a password","name":"x"}', 'email'],
      ['/auth/register', '{"email":"a@example.com","password":"long enough a password","name":"\\ud800"}', 'name'],
      ['/api-key', '{"name":"\\u0000"}', 'name'],
    ])('with what a database cannot keep is answered 422: %s %s', async (path, body, field) => {
      const { status, detail } = await refused('POST', path, body);
      expect({ status, first: detail[0] }).toMatchObject({ status: 422, first: { loc: expect.arrayContaining(['body', field]) } });
    });

    it('with __proto__ changes nobody', async () => {
      for (const body of [
        '{"name":"a","__proto__":{"admin":true,"name":"b"}}',
        '{"name":"a","constructor":{"prototype":{"admin":true}}}',
        '{"name":"a","metadata":{"constructor":"x","toString":"y"}}',
      ]) {
        const reply = await call('POST', '/app', body);
        expect({ status: reply.statusCode, name: reply.json<{ name: string }>().name }).toEqual({ status: 201, name: 'a' });
      }
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
      expect((await call('POST', '/app/acme/msg', '{"eventType":"a.b","payload":{"__proto__":{"admin":true}}}')).body).toContain(
        '"payload":{"__proto__":{"admin":true}}',
      );
      expect((await refused('POST', '/app', '{"__proto__":{"name":"a"}}')).status).toBe(422);
    });

    it('that is nested as deep as it can be is an object like any other, or refused', async () => {
      const depth = MAX_BODY_BYTES / 2 - 100;
      for (const [open, close] of [['[', ']'] as const, ['{"a":', '}'] as const]) {
        const deep = open.repeat(depth / open.length) + '1' + close.repeat(depth / open.length);
        for (const [path, body] of [
          ['/app/acme/msg', `{"eventType":"a.b","payload":{"a":${deep}}}`],
          ['/app', `{"name":${deep}}`],
          ['/app', deep],
          ['/event-type', `{"name":"deep","description":"x","schemas":{"1":${deep}}}`],
          ['/app/acme/endpoint', `{"url":"http://127.0.0.1:8080/","metadata":${deep}}`],
        ] as const) {
          const reply = await call('POST', path, body);
          expect({ path, open, flaw: flawOf(reply) }).toEqual({ path, open, flaw: undefined });
        }
      }
      expect((await call('GET', '/app')).statusCode).toBe(200);
      expect((await call('GET', '/app/acme/msg')).statusCode).toBe(200);
      expect((await call('GET', '/event-type?with_content=true')).statusCode).toBe(200);
    });
  });

  describe('a body over the limit', () => {
    const message = (bytes: number) => {
      const [head, tail] = ['{"eventType":"a.b","payload":{"a":"', '"}}'];
      return head + 'x'.repeat(bytes - head.length - tail.length) + tail;
    };
    /** As it comes over the wire, to the end of the connection. */
    async function raw(request: string): Promise<string> {
      const { hostname, port } = new URL(url);
      const socket = connect({ host: hostname, port: Number(port) });
      await once(socket, 'connect');
      socket.on('error', () => undefined);
      socket.write(request);
      return text(socket).catch(() => '');
    }
    const head = (...lines: string[]) =>
      ['POST /api/v1/app/acme/msg HTTP/1.1', 'Host: x', `Authorization: Bearer ${ann.apiKey}`, 'Content-Type: application/json', ...lines]
        .join('\r\n')
        .concat('\r\n\r\n');

    it('is taken up to the last byte, and answered 413 beyond it', async () => {
      expect((await call('POST', '/app/acme/msg', message(MAX_BODY_BYTES))).statusCode).toBe(202);
      expect(await refused('POST', '/app/acme/msg', message(MAX_BODY_BYTES + 1))).toMatchObject({ status: 413, code: 'payload_too_large' });
    });

    it('is answered 413 before it has come, when its length is announced', async () => {
      const reply = await raw(head('Content-Length: 100000000', 'Connection: close'));
      expect(reply).toMatch(/^HTTP\/1\.1 413 /);
      expect(reply).toContain('"code":"payload_too_large"');
    });

    it('is answered 413 when it comes in chunks of unknown number', async () => {
      const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
      const reply = await raw(`${head('Transfer-Encoding: chunked', 'Connection: close')}${chunk.repeat(8)}0\r\n\r\n`);
      expect(reply).toMatch(/^HTTP\/1\.1 413 /);
      expect(reply).toContain('"code":"payload_too_large"');
    });

    it('is asked for when its sender waits to be asked, and answered as ever', async () => {
      const [body, expect100] = [message(100), 'Expect: 100-continue'];
      const taken = await raw(head(`Content-Length: ${body.length}`, expect100, 'Connection: close') + body);
      expect(taken).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 202 /);
      expect(await raw(head('Content-Length: 100000000', expect100, 'Connection: close'))).toContain('HTTP/1.1 413 ');
      expect(await raw(head('Content-Length: 2', 'Expect: more', 'Connection: close') + '{}')).toMatch(/^HTTP\/1\.1 417 /);
    });

    it('that is longer than its length says is cut there, and the rest is no request', async () => {
      const reply = await raw(head('Content-Length: 2') + message(100));
      expect(reply).toMatch(/^HTTP\/1\.1 400 /);
      expect(reply).not.toMatch(/^HTTP\/1\.1 2/m);
    });

    it('holds nobody up while 500 connections say nothing', async () => {
      const { hostname, port } = new URL(url);
      const idle = await Promise.all(
        Array.from({ length: 500 }, async () => {
          const socket = connect({ host: hostname, port: Number(port) });
          await once(socket, 'connect');
          return socket;
        }),
      );
      expect((await fetch(`${url}/livez`)).status).toBe(200);
      for (const socket of idle) socket.destroy();
    });

    it.each<[string, () => string]>([
      ['two lengths', () => `${head('Content-Length: 2', 'Content-Length: 3')}{}`],
      ['a length and chunks', () => `${head('Content-Length: 2', 'Transfer-Encoding: chunked')}2\r\n{}\r\n0\r\n\r\n`],
      ['no HTTP', () => 'garbage\r\n\r\n'],
      ['a header that goes on in the next line', () => `${head('X-A: a\r\n b', 'Content-Length: 2')}{}`],
      ['lines that end in LF alone', () => `${head('Content-Length: 2')}{}`.replaceAll('\r\n', '\n')],
      ['chunks of a length that is none', () => `${head('Transfer-Encoding: chunked')}2g\r\n{}\r\n0\r\n\r\n`],
      ['a header with NUL', () => head('X-A: \u0000', 'Content-Length: 0')],
    ])('%s: the connection is closed after a 400', async (_what, request) => {
      expect(await raw(request())).toMatch(/^HTTP\/1\.1 400 /);
      expect((await fetch(`${url}/livez`)).status).toBe(200);
    });
  });

  describe('a caller', () => {
    it.each([
      ['nothing', undefined],
      ['an empty string', ''],
      ['no token', 'Bearer'],
      ['an empty token', 'Bearer '],
      ['a word', 'Bearer x'],
      ['three words with dots', 'bearer a.b.c'],
      ['a password', 'Basic YTpi'],
      ['two tokens', 'Bearer a.b.c d'],
      ['7 kB of garbage', `Bearer ${'x'.repeat(7_000)}`],
      ['a letter beyond ASCII', 'Bearer \u00fc'],
      ['a forged API key', 'Bearer ph_live_x.y.z'],
      ['null', 'Bearer null'],
    ])('who shows %s is answered 401', async (_what, authorization) => {
      for (const path of ['/app', '/users/me', '/app/acme/msg', '/app/%00']) {
        const reply = await app.http.inject({ url: `/api/v1${path}`, headers: authorization === undefined ? {} : { authorization } });
        expect(problemOf(reply)).toMatchObject({ status: 401, code: 'authentication_failed' });
        expect(reply.headers['www-authenticate']).toBe('Bearer');
      }
    });
  });

  describe('an id', () => {
    it.each(['nobody', 'app_000000000000000000000000000', 'app_', '%00', '%2F', 'a%2Fb', '%F0%9F%98%80', '%E2%80%AE', 'a%20', '__proto__'])(
      '%s that is nobody is answered 404',
      async (id) => {
        for (const path of [`/app/${id}`, `/app/${id}/endpoint`, `/app/acme/endpoint/${id}`, `/app/acme/msg/${id}`, `/event-type/${id}`])
          expect(await refused('GET', path)).toMatchObject({ status: 404, code: 'not_found' });
        for (const path of [`/app/${id}`, `/app/acme/endpoint/${id}`, `/event-type/${id}`])
          expect(await refused('DELETE', path)).toMatchObject({ status: 404, code: 'not_found' });
      },
    );

    it.each(['%', '%E0%A4', '%ff', '%zz'])('%s that cannot be decoded is answered 400 or 404', async (id) => {
      expect([400, 404]).toContain((await refused('GET', `/app/${id}`)).status);
    });

    it('that is nobody does not disturb those who are written at the same time', async () => {
      const apps = Array.from({ length: 20 }, (_, i) => (i % 5 === 0 ? '%00' : i % 5 === 1 ? 'nobody' : 'acme'));
      const replies = await Promise.all(apps.map((id) => call('POST', `/app/${id}/msg`, '{"eventType":"a.b","payload":{}}')));
      expect(replies.map(({ statusCode }) => statusCode)).toEqual(apps.map((id) => (id === 'acme' ? 202 : 404)));
    });
  });

  describe('a query', () => {
    const LISTS = [
      '/app',
      '/app/acme/endpoint',
      '/app/acme/msg',
      '/event-type',
      '/api-key',
      '/app/acme/attempt/msg/e1',
      '/app/acme/attempt/endpoint/main',
    ];
    const invalid = { status: 422, code: 'validation_error' };

    it.each(['0', '-1', '1e9', '1e1', 'abc', '1.5', '251', '', '%20', '10;drop', '0x10', '٣', '1&limit=2', '99999999999999999999'])(
      'with limit=%s is answered 422',
      async (limit) => {
        for (const path of LISTS)
          expect(await refused('GET', `${path}?limit=${limit}`)).toMatchObject({ ...invalid, detail: [{ loc: ['query', 'limit'] }] });
      },
    );

    it.each(['', '-', '--', '%00', '%27%20OR%201=1', 'a%20b', 'x&iterator=y', '%F0%9F%98%80', 'x'.repeat(257)])(
      'with iterator=%s is answered 422',
      async (iterator) => {
        for (const path of LISTS)
          expect(await refused('GET', `${path}?iterator=${iterator}`)).toMatchObject({
            ...invalid,
            detail: [{ loc: ['query', 'iterator'] }],
          });
      },
    );

    it.each(['nobody', 'msg_zzz', '-msg_zzz', 'app_1', '~-x', '__proto__', 'null', '0'])(
      'with iterator=%s has an answer',
      async (iterator) => {
        for (const path of LISTS) expect((await call('GET', `${path}?iterator=${iterator}`)).statusCode).toBe(200);
      },
    );

    it.each([
      'infinity',
      '-infinity',
      'now',
      'yesterday',
      '0',
      '2026',
      '2026-01-01',
      '2026-02-30T00:00:00Z',
      '2026-01-01T00:00:00',
      '294277-01-01T00:00:00Z',
      '%2B294277-01-01T00:00:00Z',
      '-004714-01-01T00:00:00Z',
      '2026-01-01T25:00:00Z',
      '',
      '2026-01-01T00:00:00Z&before=2026-01-01T00:00:00Z&after=2026-01-01T00:00:00Z',
    ])('with before or after %s is answered 422', async (moment) => {
      for (const path of ['/app/acme/msg', '/app/acme/attempt/msg/e1', '/app/acme/attempt/endpoint/main'])
        for (const name of ['before', 'after']) expect(await refused('GET', `${path}?${name}=${moment}`)).toMatchObject(invalid);
    });

    it.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', '2026-01-01T00:00:00%2B23:59'])(
      'with before or after %s, odd and possible, does not fail',
      async (moment) => {
        for (const path of ['/app/acme/msg', '/app/acme/attempt/msg/e1', '/app/acme/attempt/endpoint/main'])
          for (const name of ['before', 'after']) expect(flawOf(await call('GET', `${path}?${name}=${moment}`))).toBeUndefined();
      },
    );
  });

  describe('a route', () => {
    it('that does not exist is answered 404, in the same form', async () => {
      for (const [method, path] of [
        ['GET', '/no-such'],
        ['POST', '/no-such'],
        ['GET', '//app'],
        ['GET', '/app/acme/no-such'],
        ['GET', `/${'x'.repeat(3_000)}`],
        ['GET', `/app/${'x'.repeat(2_000)}`],
        ['PUT', '/app/acme/msg'],
        ['DELETE', '/app'],
        ['PATCH', '/users/me/x'],
      ] as const)
        expect(await refused(method, path)).toMatchObject({ status: 404, code: 'not_found' });
      for (const path of ['/api', '/api/v1', '/api/v2/app', '/metrics', '/.env', '/favicon.ico'])
        expect(problemOf(await app.http.inject(path))).toMatchObject({ status: 404, code: 'not_found' });
    });

    it.each(['TRACE', 'PROPFIND', 'QUERY', 'CONNECT'])('is not there for the method %s', async (method) => {
      const { hostname, port } = new URL(url);
      const socket = connect({ host: hostname, port: Number(port) });
      socket.on('error', () => undefined);
      socket.end(`${method} /api/v1/app HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(await text(socket)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
      expect((await fetch(`${url}/livez`)).status).toBe(200);
    });

    it('may end in a slash', async () => {
      for (const path of ['/app/', '/app/acme/', '/app/acme/msg/', '/users/me/']) expect((await call('GET', path)).statusCode).toBe(200);
      expect((await call('POST', '/app/acme/msg/', '{"eventType":"a.b","payload":{}}')).statusCode).toBe(202);
    });

    it('is open to browsers of any origin', async () => {
      const preflight = await app.http.inject({
        method: 'OPTIONS',
        url: '/api/v1/app/acme/msg',
        headers: {
          origin: 'https://dashboard.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,idempotency-key',
        },
      });
      expect(preflight.statusCode).toBe(204);
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': expect.stringContaining('PATCH'),
        'access-control-allow-headers': 'authorization,content-type,idempotency-key',
        'access-control-max-age': '86400',
      });
      for (const path of ['/app', '/no-such']) {
        const reply = await app.http.inject({ url: `/api/v1${path}`, headers: { origin: 'https://dashboard.example' } });
        expect(reply.headers).toMatchObject({
          'access-control-allow-origin': '*',
          'access-control-expose-headers': expect.stringContaining('x-request-id'),
        });
        expect(reply.headers).not.toHaveProperty('access-control-allow-credentials');
      }
    });

    it('answers with the id of the request: the sender’s own if it is harmless, else a new one', async () => {
      const idFor = async (given?: string) => {
        const headers = given === undefined ? {} : { 'x-request-id': given };
        const reply = await app.http.inject({ url: '/api/v1/app', headers });
        expect(problemOf(reply).requestId).toBe(reply.headers['x-request-id']);
        return reply.headers['x-request-id'];
      };
      for (const id of ['abc-123_x.Y', 'a', 'x'.repeat(64)]) expect(await idFor(id)).toBe(id);
      for (const id of [undefined, '', 'x'.repeat(65), 'a b', 'a\r\nset-cookie: b', '<script>', '\u001b[31m', 'ü', '{"a":1}'])
        expect(await idFor(id)).toMatch(/^req_[0-9A-Za-z]{27}$/);
      expect(await idFor()).not.toBe(await idFor());
    });
  });

  describe('every operation of the API', () => {
    let slow: Socket;
    let drops: NodeJS.Timeout;
    /** What a sender gets who would take an hour. */
    let answer: Promise<string>;

    beforeAll(async () => {
      const { hostname, port } = new URL(url);
      slow = connect({ host: hostname, port: Number(port) });
      await once(slow, 'connect');
      slow.on('error', () => undefined);
      answer = text(slow);
      slow.write(`POST /api/v1/app HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3600\r\n\r\n`);
      drops = setInterval(() => slow.write(' '), 1_000);
    });
    afterAll(() => {
      clearInterval(drops);
      slow.destroy();
    });

    const IDS = [
      '..',
      '.',
      '%2e%2e%2f',
      '%00',
      '%2F',
      '%F0%9F%98%80',
      'x'.repeat(300),
      'x'.repeat(2_000),
      '__proto__',
      'constructor',
      '%E2%80%AE',
      "'--",
      '-1',
      '1e400',
      'null',
      '%ff',
      '%',
      '%25',
      '*',
      '%20',
      '%0d%0aa:b',
      '{}',
      'İ',
      'app_',
      'ep_1',
      'msg_x',
      'app_000000000000000000000000000',
      '$ne',
      '%5C',
    ];
    const WORDS = [
      '',
      '%00',
      '-1',
      '1e400',
      'null',
      '{}',
      '[]',
      '%F0%9F%98%80',
      '%FF',
      "'--",
      'x'.repeat(3_000),
      '__proto__',
      'infinity',
      'true',
      '%25',
      '99999999999999999999',
      '-',
      '%0d%0a',
      'a,b,,c',
      ','.repeat(2_000),
    ];
    const VALUES = [
      'null',
      '[]',
      '{}',
      '""',
      '0',
      '-1',
      '1.5',
      '1e400',
      '-0',
      '12345678901234567890',
      'true',
      String.raw`"\u0000"`,
      String.raw`"\ud800"`,
      '"😀"',
      '"\u202e"',
      `"${'x'.repeat(70_000)}"`,
      '{"__proto__":{"a":1}}',
      '[null]',
      '[[]]',
      '[{}]',
      '{"a":{"b":{}}}',
      '{"$gt":""}',
      '"../../etc/passwd"',
      '"\'; DROP TABLE x; --"',
      String.raw`"a\r\nb"`,
      `[${'"a",'.repeat(1_500)}"a"]`,
      '{"":""}',
    ];

    const fill = (path: string, but: Record<string, string> = {}) =>
      path.replace('/api/v1', '').replace(/\{([^}]+)\}/g, (_, name: string) => but[name] ?? ids[name] ?? 'nobody');

    const PERIOD = { since: '2100-01-01T00:00:00Z', until: '2100-01-02T00:00:00Z' };
    /** What a body needs to get past the fields that are not on trial. */
    const VALID: Record<string, object> = {
      register: { email: 'x@example.com', password: 'long enough a password', name: 'x' },
      verifyEmail: { token: 'x' },
      login: { email: 'x@example.com', password: 'x' },
      resetPassword: { token: 'x', password: 'long enough a password' },
      changePassword: { currentPassword: 'x', newPassword: 'long enough a password' },
      eraseMe: { password: 'x' },
      changeEmail: { email: 'x@example.com', password: 'x' },
      startSecondFactor: { password: 'x' },
      confirmSecondFactor: { code: '123456' },
      renewRecoveryCodes: { password: 'x', code: '123456' },
      removeSecondFactor: { password: 'x', code: '123456' },
      createApiKey: { name: 'x' },
      openPortal: { expiry: 60 },
      createApplication: { name: 'x' },
      upsertApplication: { name: 'x', uid: 'acme' },
      createEndpoint: { url: 'http://127.0.0.1:8080/', disabled: true },
      upsertEndpoint: { url: 'http://127.0.0.1:8080/', uid: 'main', disabled: true },
      createEventType: { name: 'fuzz', description: 'x' },
      upsertEventType: { description: 'x' },
      setEndpointHeaders: { headers: {} },
      createMessage: { eventType: 'a.b', payload: {} },
      createMessages: { messages: [] },
      precheckMessage: { eventType: 'a.b' },
      expungeMessageContents: {},
      recoverEndpoint: PERIOD,
      replayMissing: PERIOD,
      bulkReplay: PERIOD,
      sendEventExample: { eventType: 'svix.ping' },
      importEventTypes: { spec: { openapi: '3.1.0', webhooks: {} } },
      countApplicationUsage: PERIOD,
      createOperationalWebhook: { url: 'http://127.0.0.1:8080/', disabled: true },
      upsertOperationalWebhook: { url: 'http://127.0.0.1:8080/', uid: 'main', disabled: true },
      setOperationalWebhookHeaders: { headers: {} },
    };

    type Attack = { readonly method: string; readonly path: string; readonly body?: string | undefined; readonly what: object };

    /** Several at a time, as they would come; each answer is judged by itself. */
    async function flawsOf(attacks: Generator<Attack>): Promise<unknown[]> {
      const flaws: unknown[] = [];
      const attacker = async () => {
        for (const { method, path, body, what } of attacks) {
          const flaw = flawOf(await call(method as Method, path, body));
          if (flaw !== undefined) flaws.push({ ...what, flaw });
        }
      };
      await Promise.all(Array.from({ length: 16 }, attacker));
      return flaws;
    }

    function* hostileIds(description: Description): Generator<Attack> {
      for (const { method, path, operation } of operationsOf(description))
        for (const { name } of (operation.parameters ?? []).filter((parameter) => parameter.in === 'path'))
          for (const value of IDS) {
            const body = operation.requestBody ? JSON.stringify(VALID[operation.operationId!] ?? {}) : undefined;
            yield { method, path: fill(path, { [name]: value }), body, what: { operation: operation.operationId, name, value } };
          }
    }

    function* hostileQueries(description: Description): Generator<Attack> {
      for (const { method, path, operation } of operationsOf(description).filter((each) => each.method === 'GET'))
        for (const { name } of [...(operation.parameters ?? []), { name: 'unknown', in: 'query' }].filter(
          (parameter) => parameter.in === 'query',
        ))
          for (const query of WORDS.flatMap((value) => [
            `${name}=${value}`,
            `${name}[]=${value}&${name}=${value}`,
            `${name}[$ne]=${value}`,
            `${name}[__proto__]=${value}`,
          ]))
            yield { method, path: `${fill(path)}?${query}`, what: { operation: operation.operationId, query: query.slice(0, 100) } };
    }

    function* hostileBodies(description: Description): Generator<Attack> {
      for (const { method, path, operation } of operationsOf(description).filter((each) => each.operation.requestBody)) {
        const id = operation.operationId!;
        const valid = VALID[id] ?? {};
        const schema = JSON.stringify(bodySchemaOf(description, operation));
        const fields = [...new Set([...schema.matchAll(/"([a-zA-Z_]+)":\{/g)].map(([, field]) => field!))].filter(
          (field) => !['properties', 'items', 'example'].includes(field),
        );
        const bodies = [
          ...VALUES,
          ...fields.flatMap((field) =>
            VALUES.map((value) => JSON.stringify({ ...valid, [field]: null }).replace(`"${field}":null`, `"${field}":${value}`)),
          ),
        ];
        for (const body of bodies) yield { method, path: fill(path), body, what: { operation: id, body: body.slice(0, 150) } };
      }
    }

    it('survives hostile ids', async () => {
      expect(await flawsOf(hostileIds(await descriptionOf(app)))).toEqual([]);
    }, 60_000);

    it('survives hostile queries', async () => {
      expect(await flawsOf(hostileQueries(await descriptionOf(app)))).toEqual([]);
    }, 120_000);

    it('survives hostile bodies, whole and field by field', async () => {
      expect(await flawsOf(hostileBodies(await descriptionOf(app)))).toEqual([]);
      // Nobody became somebody else, nothing stopped.
      expect(({} as { a?: number }).a).toBeUndefined();
      expect((await call('GET', '/users/me')).statusCode).toBe(200);
    }, 120_000);

    it('is held up by nobody who sends a byte a second: that is answered 408 after half a minute, and cut', async () => {
      expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
    }, 90_000);
  });
});
