import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { freePort } from '../../src/local/free-port';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApi, startTestApp, startTestWorker, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';
import { startReceiver } from '../support/receiver';
import { problemOf } from '../support/refusal';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { listenAt, send } from '../support/webhooks';

/** What is promised. */
const WITHIN_MS = 3_000;
/** How long a verified token is remembered; older ones are looked up in the database. */
const REMEMBERED_MS = 2_000;

jest.setTimeout(120_000);

describe('availability', () => {
  let app: TestApp;
  let ann: Account;

  beforeAll(async () => {
    app = await startTestApp();
    const worker = await startTestWorker(app.environment);
    ann = await signUp(app);
    await worker.close();
    expected(201, await ann.organization('POST', '/app', { name: 'Acme', uid: 'acme' }));
  });
  afterAll(() => app.stop());

  describe('while Redis is away', () => {
    it('messages are accepted and delivered', async () => {
      const environment = { ...app.environment, QUEUE_PREFIX: 'away', REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
      const receiver = await startReceiver();
      const api = await startTestApi(environment);
      const worker = await startTestWorker(environment);
      try {
        const organization = callerOf({ http: api }, ann.apiKey);
        const { appId } = await listenAt({ organization }, receiver.url);
        const sent = await Promise.all(Array.from({ length: 10 }, (_, n) => send({ organization }, appId, n)));
        const arrived = await receiver.received(10);
        expect(arrived.map(({ headers }) => headers['webhook-id']).sort()).toEqual([...sent].sort());
      } finally {
        await worker.close();
        await api.close();
        await receiver.stop();
      }
    });
  });

  describe('while PostgreSQL is away', () => {
    let proxy: TcpProxy;
    let api: Awaited<ReturnType<typeof startProcess>>;

    beforeAll(async () => {
      proxy = await startTcpProxy(app.database.url);
      api = await startProcess('main', { ...app.environment, DATABASE_URL: proxy.url });
    });
    afterAll(async () => {
      await proxy.resume();
      expect(await api.stop()).toBe(0);
      await proxy.stop();
    });

    async function timed(method: 'GET' | 'POST', url: string, body?: object) {
      const start = performance.now();
      const headers = { authorization: `Bearer ${ann.apiKey}`, ...(body ? { 'content-type': 'application/json' } : {}) };
      const reply = await request(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
      const answer = { statusCode: reply.statusCode, headers: reply.headers, body: await reply.body.text() };
      return { ...answer, ms: performance.now() - start };
    }
    const message = () => timed('POST', `${api.url}/api/v1/app/acme/msg`, { eventType: 'a.b', payload: { a: 1 } });
    const login = () => timed('POST', `${api.url}/api/v1/auth/login`, { email: ann.email, password: ann.password });
    const register = () => {
      const email = `eve.${randomUUID()}@example.com`;
      return timed('POST', `${api.url}/api/v1/auth/register`, { email, password: 'long enough a password', name: 'Eve' });
    };
    const list = () => timed('GET', `${api.url}/api/v1/app`);
    const create = () => timed('POST', `${api.url}/api/v1/app`, { name: 'x' });
    const putEndpoint = () => timed('POST', `${api.url}/api/v1/app/acme/endpoint`, { url: 'http://127.0.0.1:8080/', disabled: true });

    const OPERATIONS = [...Array<typeof message>(20).fill(message), login, register, list, create, putEndpoint];
    const everything = () => Promise.all(OPERATIONS.map((operation) => operation()));

    async function expectUnavailable(): Promise<void> {
      const answers = await everything();
      for (const answer of answers) {
        expect(problemOf(answer, 503)).toMatchObject({ status: 503, code: 'unavailable' });
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }

      expect(answers.map(({ ms }) => ms).filter((ms) => ms >= WITHIN_MS)).toEqual([]);
    }

    async function expectHealth(): Promise<void> {
      for (const url of [api.url, api.metricsUrl]) {
        const [live, ready] = await Promise.all([timed('GET', `${url}/livez`), timed('GET', `${url}/readyz`)]);
        expect({ live: live.statusCode, ready: ready.statusCode }).toEqual({ live: 200, ready: 503 });
        expect(JSON.parse(ready.body)).toMatchObject({ ready: false, database: 'unavailable' });
        expect(live.ms).toBeLessThan(WITHIN_MS);
        expect(ready.ms).toBeLessThan(WITHIN_MS);
      }
    }

    async function expectEverythingWorks(): Promise<void> {
      expect((await message()).statusCode).toBe(202);
      expect((await everything()).map(({ statusCode }) => statusCode)).toEqual([...Array<number>(20).fill(202), 200, 202, 200, 201, 201]);
      expect((await timed('GET', `${api.url}/readyz`)).statusCode).toBe(200);
    }

    const tokenIsForgotten = () => {
      const start = performance.now();
      return eventually(() => performance.now() - start > REMEMBERED_MS + 200, { what: 'the token is looked up again' });
    };

    it.each([
      ['refuses connections', () => proxy.refuse()],
      ['hangs', async () => proxy.hang()],
    ])('and %s: 503 and Retry-After within 3 s, and the next request after its return works', async (_what, fail) => {
      await expectEverythingWorks();
      await fail();
      await expectUnavailable();
      await expectHealth();
      await tokenIsForgotten();
      await expectUnavailable();
      await expectUnavailable();
      await proxy.resume();
      await expectEverythingWorks();
    });

    it('clients that ask how it is are told', async () => {
      const here = await startTestApi({ ...app.environment, DATABASE_URL: proxy.url });
      const health = () => here.inject({ method: 'GET', url: '/api/v1/health' });
      try {
        expect(await health()).toMatchObject({ statusCode: 200 });
        await proxy.refuse();
        const answer = await health();
        expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
        expect(answer.json()).toEqual({ database: { status: 'error' }, queue: { status: 'error' }, cache: { status: 'ok' } });
      } finally {
        await proxy.resume();
        await here.close();
      }
    });

    it('comes and goes: no connection is lost for good', async () => {
      for (let i = 0; i < 5; i++) {
        await expectEverythingWorks();
        const underWay = everything();
        await proxy.refuse();
        for (const { statusCode, ms } of await underWay) {
          expect([200, 201, 202, 503]).toContain(statusCode);
          expect(ms).toBeLessThan(WITHIN_MS);
        }
        await proxy.resume();
      }
      await expectEverythingWorks();
    });
  });
});
