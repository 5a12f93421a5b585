import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { type Account, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { type Receiver, startReceiver } from '../support/receiver';

const ROOT = join(__dirname, '../..');
const TSC = join(ROOT, 'node_modules/typescript-native/bin/tsc');
const run = promisify(execFile);

type Hit = { readonly method: string; readonly headers: IncomingHttpHeaders; readonly at: number };

/** The package as a stranger gets it: packed, installed into a folder of its own, without the network. */
describe('@posthorn/client', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-client-'));
    [app, receiver] = await Promise.all([startTestApp({ worker: true }), startReceiver(), install(folder)]);
    ann = await signUp(app);
  }, 120_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await app.stop();
    await receiver.stop();
  });

  const program = async <Output>(file: string, env: Record<string, string> = {}): Promise<Output> => {
    const { stdout } = await run(process.execPath, [join(folder, file)], { env: { PATH: process.env['PATH'], ...env } });
    return JSON.parse(stdout) as Output;
  };

  it('has types for what may be written and for what is answered, and does what they say', async () => {
    copyFileSync(join(ROOT, 'client/examples/tour.ts'), join(folder, 'tour.ts'));
    const compiler = await run(process.execPath, [TSC, '-p', folder]).catch((error: unknown) => error as { stdout: string });
    expect(compiler.stdout).toBe('');
    const url = await app.listen();
    const tour = await program<{ key: string; refusal: object }>('tour.js', {
      POSTHORN_URL: url,
      POSTHORN_TOKEN: ann.apiKey,
      RECEIVER_URL: receiver.url,
    });
    expect(tour).toMatchObject({
      once: true,
      nothing: true,
      numbers: [5, 4, 3, 2, 1],
      refusal: { status: 422, code: 'validation_error', fields: ['body.name', 'body.uid'], requestId: expect.stringMatching(/^req_/) },
    });
    const [request] = await receiver.received(1);
    expect(new Webhook(tour.key).verify(request!.body, request!.headers as Record<string, string>)).toHaveProperty('number');
  }, 60_000);

  describe('when the API is in trouble', () => {
    const CALL = `
      import { createPosthorn, PosthornError } from '@posthorn/client';
      const posthorn = createPosthorn({ url: process.env.URL, token: () => 'secret', backoffMs: 1, maxWaitMs: 2_000, timeoutMs: 5_000 });
      const answer = await posthorn
        .createApplication({ body: { name: 'Acme' }, organization: 'org_1', signal: AbortSignal.timeout(20_000) })
        .catch((error) => ({ name: error.name, typed: error instanceof PosthornError, status: error.status, code: error.code }));
      console.log(JSON.stringify(answer));`;

    /** Calls once, against a server that gives these answers in turn. */
    async function call(...answers: (readonly [status: number, headers?: Record<string, string>, body?: object] | 'reset')[]) {
      const hits: Hit[] = [];
      const server = createServer((request, response) => {
        hits.push({ method: request.method ?? '', headers: request.headers, at: Date.now() });
        const answer = answers[Math.min(hits.length, answers.length) - 1]!;
        if (answer === 'reset') return void request.socket.resetAndDestroy();
        const [status, headers = {}, body = {}] = answer;
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      writeFileSync(join(folder, 'call.mjs'), CALL);
      const answer = await program('call.mjs', { URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
      server.closeAllConnections();
      server.close();
      return { hits, answer };
    }

    it('asks again, with the same idempotency key, when it is told to', async () => {
      const { hits, answer } = await call([503], 'reset', [429, { 'retry-after': '1' }], [201, {}, { id: 'app_1' }]);
      expect(answer).toEqual({ id: 'app_1' });
      expect(hits).toHaveLength(4);
      expect(new Set(hits.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
      expect(hits[3]!.at - hits[2]!.at).toBeGreaterThanOrEqual(990);
      expect(hits[0]).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer secret', 'posthorn-organization': 'org_1' } });
    });

    it('waits for the first request when it is still under way', async () => {
      const { hits, answer } = await call([409, { 'retry-after': '0' }], [201, {}, { id: 'app_1' }]);
      expect({ count: hits.length, answer }).toEqual({ count: 2, answer: { id: 'app_1' } });
    });

    it.each<[string, Parameters<typeof call>[0], number, object]>([
      ['refuses', [409, {}, { code: 'conflict', detail: 'taken' }], 1, { typed: true, status: 409, code: 'conflict' }],
      ['asks for too long a wait', [429, { 'retry-after': '600' }], 1, { typed: true, status: 429, code: 'unknown' }],
      ['does not recover', [500], 4, { typed: true, status: 500 }],
      ['is not there', 'reset', 4, { typed: false }],
    ])('gives up when it %s', async (_what, given, count, answer) => {
      const called = await call(given);
      expect(called.hits).toHaveLength(count);
      expect(called.answer).toMatchObject(answer);
    });
  });
});

async function install(folder: string): Promise<void> {
  const npm = (...args: string[]) => run('npm', args, { cwd: folder, env: { ...process.env, npm_config_loglevel: 'error' } });
  const library = dirname(require.resolve('openapi-fetch/package.json'));
  const helpers = join(ROOT, 'node_modules/openapi-typescript-helpers');
  await npm('pack', '--silent', join(ROOT, 'client'));
  await npm('pack', '--silent', '--ignore-scripts', library, helpers);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  const packages = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  await npm('install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...packages.map((name) => `./${name}`));
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['tour.ts'] }));
}
