import { Sql } from '../../../src/platform/database/sql';
import { expected, signUp } from '../../support/accounts';
import { startTestApp } from '../../support/app';
import { eventually } from '../../support/eventually';
import { HOSTILE, startHostileReceiver } from '../../support/hostile-receiver';
import { startProcess } from '../../support/processes';
import { addEndpoint, send } from '../../support/webhooks';

const MINUTE = 60_000;
/** Until the worker has met each of them, before its memory is looked at. */
const WARMING = 3;

/** What an attempt says of each. */
export const REASONS: Readonly<Record<string, string>> = {
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

/** Of a message to all of them: what fails is tried once more. */
export const ANSWERS_PER_MESSAGE = Object.values(REASONS).reduce((sum, reason) => sum + (reason === 'ok' ? 1 : 2), 0);

/**
 * Messages to a receiver of each kind, and what becomes of the worker that brings them.
 * @param atLeast answers: more messages follow until there are as many, since second tries are not waited for
 */
export async function meetHostileReceivers(messages: number, atLeast = 0) {
  const [app, hostile] = await Promise.all([
    // Failures are tried once more at once: a schedule without waits is one without pauses of the circuit breaker.
    startTestApp({ env: { DELIVERY_TIMEOUT_MS: '2000', DELIVERY_RETRY_SCHEDULE: '0', API_RATE_LIMIT: '0' } }),
    startHostileReceiver(),
  ]);
  const worker = await startProcess('worker', app.environment);
  try {
    const ann = await signUp(app);
    const { id: appId } = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' }));
    const paths = new Map<string, string>();
    for (const path of Object.keys(HOSTILE)) paths.set((await addEndpoint(ann, appId, hostile.url + path)).endpointId, path);
    const sql = app.http.get(Sql);
    /** The words of all attempts so far, by the path that was called. */
    const said = async () =>
      (await sql.run<{ endpoint_id: string; reason: string }>('SELECT DISTINCT endpoint_id, reason FROM attempt')).map(
        ({ endpoint_id, reason }) => [paths.get(endpoint_id)!, reason] as const,
      );
    const total = async () => {
      const [row] = await sql.run<{ answers: number; tried: number }>(
        'SELECT count(*)::int AS answers, count(DISTINCT (message_id, endpoint_id))::int AS tried FROM attempt',
      );
      return row!;
    };
    const deliver = async (count: number) => {
      const due = (await total()).tried + count * paths.size;
      for (let n = 0; n < count; n++) await send(ann, appId, n);
      await eventually(async () => (await total()).tried === due, { within: 5 * MINUTE + messages * 2_000, what: 'an attempt at each' });
    };

    await deliver(WARMING);
    const firstWords = Object.fromEntries(await said());
    const before = worker.residentMb();
    await deliver(messages);
    while ((await total()).answers < atLeast) await deliver(WARMING);
    return {
      firstWords,
      /** Of all, those that took malice for success. */
      fooled: (await said()).filter(([path, reason]) => reason === 'ok' && REASONS[path] !== 'ok'),
      answers: (await total()).answers,
      grewMb: worker.residentMb() - before,
    };
  } finally {
    await worker.stop();
    await app.stop();
    await hostile.stop();
  }
}
