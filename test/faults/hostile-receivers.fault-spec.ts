import { readFileSync } from 'node:fs';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { Sql } from '../../src/platform/database/sql';
import { eventually } from '../support/eventually';
import { HOSTILE, startHostileReceiver } from '../support/hostile-receiver';
import { startProcess } from '../support/processes';
import { addEndpoint, send } from '../support/webhooks';

const MINUTE = 60_000;
/** To each of them; 480 make 10,000 answers. */
const MESSAGES = Number(process.env['HOSTILE_MESSAGES'] ?? 12);
const MAY_GROW_MB = 100;

/** What an attempt says of each. */
const REASONS: Readonly<Record<string, string>> = {
  '/bad-chunk': 'bad_response',
  // Kept as the bytes that came: nothing is inflated.
  '/bomb': 'ok',
  '/drip-body': 'timeout_body',
  '/drip-headers': 'timeout_headers',
  // What is longer than 64 KiB is cut, and the status counts.
  '/endless-body': 'ok',
  '/endless-early-hints': 'timeout_headers',
  '/endless-headers': 'headers_too_large',
  '/hang-up': 'connection_lost',
  '/http-0.9': 'bad_response',
  '/length-and-chunks': 'bad_response',
  '/nul-bytes': 'ok',
  '/other-protocol': 'bad_response',
  '/reset': 'connection_lost',
  '/retry-after-for-ever': 'http_5xx',
  '/short-body': 'connection_lost',
  '/silence': 'timeout_headers',
  '/status-1000': 'bad_response',
  '/status-600': 'http_6xx',
  '/status-99': 'bad_response',
  '/switching-protocols': 'connection_lost',
  '/two-lengths': 'bad_response',
};

describe('receivers that answer with malice', () => {
  let app: TestApp;
  let hostile: Awaited<ReturnType<typeof startHostileReceiver>>;
  let worker: Awaited<ReturnType<typeof startProcess>>;
  let ann: Account;

  beforeAll(async () => {
    [app, hostile] = await Promise.all([
      startTestApp({ env: { DELIVERY_TIMEOUT_MS: '2000', DELIVERY_RETRY_SCHEDULE: '0' } }),
      startHostileReceiver(),
    ]);
    worker = await startProcess('worker', app.environment);
    ann = await signUp(app);
  });
  afterAll(async () => {
    await worker.stop();
    await app.stop();
    await hostile.stop();
  });

  it(
    'each have their reason, hold no slot beyond the deadline, and leave the worker as it was',
    async () => {
      const { id: appId } = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' }));
      const paths = new Map<string, string>();
      for (const path of Object.keys(HOSTILE)) paths.set((await addEndpoint(ann, appId, hostile.url + path)).endpointId, path);
      const attempts = () =>
        app.http
          .get(Sql)
          .run<{ endpoint_id: string; reason: string }>('SELECT DISTINCT endpoint_id, reason FROM attempt WHERE application_id = $1', [
            appId,
          ]);
      // Failures are tried once more at once: a schedule without waits is one without pauses of the circuit breaker.
      const total = async () => {
        const [row] = await app.http
          .get(Sql)
          .run<{ tried: number }>('SELECT count(DISTINCT (message_id, endpoint_id))::int AS tried FROM attempt WHERE application_id = $1', [
            appId,
          ]);
        return row?.tried ?? 0;
      };
      const deliver = async (messages: number) => {
        const due = (await total()) + messages * paths.size;
        for (let n = 0; n < messages; n++) await send(ann, appId, n);
        await eventually(async () => (await total()) === due, { within: 5 * MINUTE, what: 'an attempt at each' });
      };
      const said = async () => (await attempts()).map(({ endpoint_id, reason }) => [paths.get(endpoint_id)!, reason] as const);

      await deliver(3);
      expect(Object.fromEntries(await said())).toEqual(REASONS);
      const before = residentMb(worker.pid);
      await deliver(MESSAGES);
      // When all come at once, the deadline or the end of the connection may be what is seen first; success never is.
      expect((await said()).filter(([path, reason]) => reason === 'ok' && REASONS[path] !== 'ok')).toEqual([]);
      expect(residentMb(worker.pid) - before).toBeLessThan(MAY_GROW_MB);
    },
    6 * MINUTE,
  );
});

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024;
}
