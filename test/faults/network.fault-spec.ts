import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { Sql } from '../../src/platform/database/sql';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, startTestWorker, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { askInstead, type Records, startNameServer } from '../support/name-server';
import { startProcess } from '../support/processes';
import { startReceiver } from '../support/receiver';
import { addEndpoint, listenAt, send } from '../support/webhooks';
import { MAY_GROW_MB } from './bars/memory';

const MINUTE = 60_000;
const DAY_MS = 86_400_000;

describe('between Posthorn and a receiver', () => {
  let app: TestApp;
  let ann: Account;
  const undo: (() => unknown)[] = [];

  beforeAll(async () => {
    app = await startTestApp({ env: { API_RATE_LIMIT: '0' } });
    const worker = await startTestWorker(app.environment);
    ann = await signUp(app);
    await worker.close();
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });
  afterAll(() => app.stop());

  const listening = async (server: Server): Promise<number> => {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    undo.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return (server.address() as AddressInfo).port;
  };
  const attempts = (appId: string) =>
    app.http
      .get(Sql)
      .run<{ endpoint_id: string; message_id: string; reason: string; ms: number }>(
        'SELECT endpoint_id, message_id, reason, response_duration_ms AS ms FROM attempt WHERE application_id = $1 ORDER BY attempted_at, id',
        [appId],
      );
  const attempted = (appId: string, count: number) =>
    eventually(
      async () => {
        const found = await attempts(appId);
        return found.length >= count && found;
      },
      { within: MINUTE, what: `${count} attempts` },
    );
  /** One message to an endpoint at each URL. @returns the reason of each first attempt, and how long it took */
  const firstWords = async (urls: Readonly<Record<string, string>>, settings: object = { retrySchedule: [] }) => {
    const { id: appId } = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' }));
    const names = new Map<string, string>();
    for (const [name, url] of Object.entries(urls)) names.set((await addEndpoint(ann, appId, url, settings)).endpointId, name);
    await send(ann, appId);
    const found = await eventually(
      async () => {
        const all = await attempts(appId);
        return new Set(all.map(({ endpoint_id }) => endpoint_id)).size === names.size && all;
      },
      { within: MINUTE, what: 'an attempt at each' },
    );
    return { appId, reasons: Object.fromEntries(found.map(({ endpoint_id, reason }) => [names.get(endpoint_id)!, reason])), found };
  };

  it(
    'certificates that are no good are failed attempts, of which hundreds leave nothing behind',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'posthorn-tls-'));
      undo.push(() => rmSync(folder, { recursive: true }));
      const usage = { name: 'keyUsage', keyCertSign: true, digitalSignature: true } as const;
      const ca = await generate([{ name: 'commonName', value: 'Test CA' }], {
        keyType: 'ec',
        algorithm: 'sha256',
        extensions: [{ name: 'basicConstraints', cA: true, critical: true }, usage],
      });
      writeFileSync(join(folder, 'ca.pem'), ca.cert);
      const issued = (
        name: string,
        options: { readonly notBeforeDate?: Date; readonly notAfterDate?: Date; readonly alone?: boolean } = {},
      ) => {
        const { alone = false, ...dates } = options;
        return generate([{ name: 'commonName', value: name }], {
          keyType: 'ec',
          algorithm: 'sha256',
          ...dates,
          extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
          ...(alone ? {} : { ca: { key: ca.private, cert: ca.cert } }),
        });
      };
      const daysFromNow = (days: number) => new Date(Date.now() + days * DAY_MS);
      const certificates = {
        good: await issued('good.localhost'),
        expired: await issued('expired.localhost', { notBeforeDate: daysFromNow(-30), notAfterDate: daysFromNow(-1) }),
        elsewhere: await issued('another.localhost'),
        'self-signed': await issued('self-signed.localhost', { alone: true }),
      };
      const urls: Record<string, string> = {};
      for (const [name, { private: key, cert }] of Object.entries(certificates)) {
        const port = await listening(createTlsServer({ key, cert }, (_, response) => response.end()));
        urls[name] = `https://${name}.localhost:${port}/`;
      }
      urls['stalled'] = `https://stalled.localhost:${await listening(createTcpServer())}/`;
      const worker = await startProcess('worker', { ...app.environment, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') });
      undo.push(() => worker.stop());

      expect((await firstWords(urls)).reasons).toEqual({
        good: 'ok',
        expired: 'tls_expired',
        elsewhere: 'tls_name_mismatch',
        'self-signed': 'tls_untrusted',
        stalled: 'timeout_connect',
      });

      const { appId } = await listenAt(ann, urls['self-signed']!, { retrySchedule: [] });
      const messages = Array.from({ length: 100 }, () => ({ eventType: 'a', payload: {} }));
      const handIn = async () => expected(202, await ann.organization('POST', `/app/${appId}/msg/batch`, { messages }));
      await handIn();
      await attempted(appId, 100);
      const before = worker.residentMb();
      for (let batch = 0; batch < 2; batch++) await handIn();
      const all = await attempted(appId, 300);
      expect(new Set(all.map(({ reason }) => reason))).toEqual(new Set(['tls_untrusted']));
      expect(worker.residentMb() - before).toBeLessThan(MAY_GROW_MB);
    },
    3 * MINUTE,
  );

  it(
    'name servers that deny, fail, are silent or say too much hold nobody up',
    async () => {
      const receiver = await startReceiver();
      undo.push(() => receiver.stop());
      const records: Record<string, Records> = {
        unknown: 'NXDOMAIN',
        broken: 'SERVFAIL',
        silent: 'silence',
        empty: [],
        thousand: Array<string>(1_000).fill('127.0.0.1'),
        late: 'SERVFAIL',
      };
      const server = await startNameServer((name) => records[name.split('.')[0]!] ?? 'NXDOMAIN');
      undo.push(() => server.stop(), askInstead(server));
      // In this process, whose resolvers know of that server.
      const worker = await startTestWorker(app.environment);
      undo.push(() => worker.close());
      const { port } = new URL(receiver.url);
      const urls = Object.fromEntries(Object.keys(records).map((name) => [name, `http://${name}.example.com:${port}/${name}`]));
      const { reasons, found } = await firstWords(urls, { retrySchedule: Array<number>(15).fill(1) });
      expect(reasons).toEqual({
        unknown: 'dns_nxdomain',
        broken: 'dns_failed',
        silent: 'dns_failed',
        empty: 'dns_nxdomain',
        thousand: 'ok',
        late: 'dns_failed',
      });
      expect(Math.max(...found.map(({ ms }) => ms))).toBeLessThan(5_000);
      records['late'] = ['127.0.0.1'];
      await eventually(
        () =>
          receiver.requests
            .map(({ path }) => path)
            .sort()
            .join() === '/late,/thousand',
        { what: 'another try' },
      );
    },
    2 * MINUTE,
  );

  it(
    'connections that receivers close as we send are failed attempts, and nothing is sent that is not one',
    async () => {
      const seen = new Map<string, number>();
      let requests = 0;
      const server = createServer((request, response) => {
        const id = String(request.headers['webhook-id']);
        seen.set(id, (seen.get(id) ?? 0) + 1);
        if (++requests % 3 === 0) request.socket.destroy();
        else request.resume().on('end', () => response.end());
      });
      // Idle ones as well, about when the next request comes.
      server.keepAliveTimeout = 5;
      const url = `http://127.0.0.1:${await listening(server)}/`;
      const worker = await startProcess('worker', app.environment);
      undo.push(() => worker.stop());
      const { appId } = await listenAt(ann, url, { retrySchedule: Array<number>(20).fill(0) });
      for (let n = 0; n < 150; n++) await send(ann, appId, n);
      const sql = app.http.get(Sql);
      await eventually(
        async () => (await sql.run('SELECT 1 FROM settled_delivery WHERE application_id = $1 AND status = 0', [appId])).length === 150,
        {
          within: MINUTE,
          what: 'success of all',
        },
      );
      const found = await attempts(appId);
      expect(new Set(found.map(({ reason }) => reason))).toEqual(new Set(['ok', 'connection_lost']));
      const counts = new Map<string, number>();
      for (const { message_id } of found) counts.set(message_id, (counts.get(message_id) ?? 0) + 1);
      expect([...seen].filter(([id, times]) => times > counts.get(id)!)).toEqual([]);
      expect(found.length).toBeGreaterThan(150);
    },
    2 * MINUTE,
  );
});
