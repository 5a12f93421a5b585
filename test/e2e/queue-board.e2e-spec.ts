import { getQueueToken } from '@nestjs/bull';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import type { Queue } from 'bull';
import { request } from 'undici';
import { AppModule } from '../../src/app.module';
import { loadConfig } from '../../src/config/env';
import { startQueueBoard } from '../../src/modules/queues';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { newLog } from '../support/log-watch';

const QUEUE = 'webhooks.fan-out';

describe('the dashboard of the queues', () => {
  let app: TestApp;
  let context: INestApplicationContext;
  let board: Awaited<ReturnType<typeof startQueueBoard>>;
  let operator: Account;
  let stranger: Account;
  /** API keys by what they may do. */
  let keys: { readonly read: string; readonly write: string; readonly neither: string };

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    [operator, stranger] = await Promise.all([signUp(app, 'Ops'), signUp(app, 'Eve')]);
    const key = async (...scopes: string[]) =>
      expected(201, await operator.user<{ token: string }>('POST', '/api-key', { name: 'ops', scopes })).token;
    const [read, write, neither] = await Promise.all([key('queue.read'), key('queue.read', 'queue.write'), key('message.read')]);
    keys = { read, write, neither };
    // Of queues that nobody works: what is put there stays.
    const config = loadConfig({ ...app.environment, QUEUE_PREFIX: 'board' });
    context = await NestFactory.createApplicationContext(AppModule.forQueues(config, newLog()), { bufferLogs: true, abortOnError: false });
    context.useLogger(context.get(Logger));
    board = await startQueueBoard(context, { host: '127.0.0.1', port: 0, organizationId: operator.organizationId });
  });
  afterAll(async () => {
    await queue().obliterate({ force: true });
    await board.close();
    await context.close();
    await app.stop();
  });

  const queue = () => context.get<Queue>(getQueueToken(QUEUE), { strict: false });
  const basic = (key: string) => `Basic ${Buffer.from(`ops:${key}`).toString('base64')}`;
  async function call(
    path: string,
    authorization?: string,
    { method = 'GET', headers = {} }: { method?: 'GET' | 'PUT'; headers?: Record<string, string> } = {},
  ) {
    const reply = await request(board.url + path, {
      method,
      headers: { ...(authorization === undefined ? {} : { authorization }), ...headers },
    });
    return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
  }

  it('comes to a browser: the page, what the page asks for, and the queues', async () => {
    expect(await call('/', basic(keys.read))).toMatchObject({ status: 302, headers: { location: '/queues/' } });
    const page = await call('/queues/', basic(keys.read));
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': expect.stringContaining('text/html') } });
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    const assets = [...page.text.matchAll(/(?:src|href)="(static\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path!);
    expect(assets.length).toBeGreaterThan(2);
    for (const asset of assets) expect((await call(`/queues/${asset}`, basic(keys.read))).status).toBe(200);
    const { queues } = JSON.parse((await call('/queues/api/queues', basic(keys.read))).text) as {
      queues: { name: string; readOnlyMode: boolean }[];
    };
    expect(queues.map(({ name }) => name)).toEqual(expect.arrayContaining([QUEUE, 'webhooks.deliver']));
    expect(queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
  });

  it('takes the key of a program as well', async () => {
    expect((await call('/queues/api/queues', `Bearer ${keys.read}`)).status).toBe(200);
  });

  it.each(['/', '/queues/', '/queues/api/queues', '/queues/static/favicon.ico', '/manage/', '/manage/api/queues', '/nothing/here'])(
    'shows %s to nobody who is not an operator',
    async (path) => {
      for (const nobody of [
        undefined,
        'Basic',
        'Basic !!!',
        'Bearer nonsense',
        basic('nonsense'),
        basic(`${keys.read}x`),
        `Bearer ${operator.accessToken}`,
      ]) {
        const { status, headers, text } = await call(path, nobody);
        expect({ path, status, asks: headers['www-authenticate'] }).toEqual({
          path,
          status: 401,
          asks: expect.stringMatching(/^Basic realm=/),
        });
        expect(text).not.toContain(QUEUE);
      }
      for (const other of [stranger.apiKey, keys.neither]) expect((await call(path, basic(other))).status).toBe(403);
    },
  );

  it('changes nothing for who may only look', async () => {
    for (const path of ['/queues', '/manage']) {
      expect((await call(`${path}/api/queues/${QUEUE}/pause`, basic(keys.read), { method: 'PUT' })).status).toBe(403);
      expect((await call(`${path}/api/queues/pause`, basic(keys.read), { method: 'PUT' })).status).toBe(403);
    }
    expect((await call('/manage/', basic(keys.read))).status).toBe(403);
    expect(await queue().isPaused()).toBe(false);
  });

  it('is read-only in one place for those, too, who may change something in the other', async () => {
    await call(`/queues/api/queues/${QUEUE}/pause`, basic(keys.write), { method: 'PUT' });
    expect(await queue().isPaused()).toBe(false);
    expect((await call(`/manage/api/queues/${QUEUE}/pause`, basic(keys.write), { method: 'PUT' })).status).toBe(200);
    expect(await queue().isPaused()).toBe(true);
    expect((await call(`/manage/api/queues/${QUEUE}/resume`, basic(keys.write), { method: 'PUT' })).status).toBe(200);
    expect(await queue().isPaused()).toBe(false);
  });

  it('shows a bell, which says nothing of anybody', async () => {
    await queue().add({});
    const shown = await call(`/manage/api/queues?activeQueue=${QUEUE}&status=waiting`, basic(keys.write));
    const { queues } = JSON.parse(shown.text) as { queues: { name: string; counts: { waiting: number }; jobs: { data: object }[] }[] };
    const found = queues.find(({ name }) => name === QUEUE)!;
    expect(found.counts.waiting).toBe(1);
    expect(found.jobs.map(({ data }) => data)).toEqual([{}]);
  });

  it.each([{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }])(
    'takes no orders from the page of somebody else: %j',
    async (headers) => {
      const path = `/manage/api/queues/${QUEUE}/pause`;
      expect((await call(path, basic(keys.write), { method: 'PUT', headers })).status).toBe(403);
      expect(await queue().isPaused()).toBe(false);
    },
  );

  it('takes them from its own', async () => {
    const headers = { origin: board.url, 'sec-fetch-site': 'same-origin' };
    expect((await call(`/manage/api/queues/${QUEUE}/resume`, basic(keys.write), { method: 'PUT', headers })).status).toBe(200);
  });

  it('is closed to a key from the moment on in which it is revoked', async () => {
    const made = expected(
      201,
      await operator.user<{ id: string; token: string }>('POST', '/api-key', { name: 'gone', scopes: ['queue.read'] }),
    );
    expect((await call('/queues/', basic(made.token))).status).toBe(200);
    expected(204, await operator.user('DELETE', `/api-key/${made.id}`));
    await eventually(async () => (await call('/queues/', basic(made.token))).status === 401);
  });
});
