import { Sql } from '../../../src/platform/database/sql';
import { expected, signUp } from '../../support/accounts';
import { startTestApp } from '../../support/app';
import { eventually } from '../../support/eventually';
import { startProcess } from '../../support/processes';
import { startReceiver } from '../../support/receiver';
import { addEndpoint } from '../../support/webhooks';
import { atMost, type Bar } from './bar';

const ENDPOINTS = 20;
const BATCH = 500;
const PER_ENDPOINT = 5;
const PER_WORKER = 40;
const DELAY_MS = 20;

/** Row 57: everything that came in while no worker was there is due at once, and so are its retries. */
export async function herd(deliveries: number): Promise<Bar[]> {
  const undo: (() => unknown)[] = [];
  try {
    const app = await startTestApp({
      env: {
        API_RATE_LIMIT: '0',
        DELIVERY_ENDPOINT_MAX_IN_FLIGHT: String(PER_ENDPOINT),
        DELIVERY_MAX_IN_FLIGHT: String(PER_WORKER),
        DELIVERY_RETRY_SCHEDULE: Array(10).fill('2').join(','),
      },
    });
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    const before = await startProcess('worker', app.environment);
    const ann = await signUp(app);
    await before.stop();
    const { id: appId } = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' }));
    for (let n = 0; n < ENDPOINTS; n++) await addEndpoint(ann, appId, receiver.urlFor(`/${n}`));
    for (let sent = 0; sent < deliveries / ENDPOINTS; sent += BATCH) {
      const messages = Array.from({ length: Math.min(BATCH, deliveries / ENDPOINTS - sent) }, () => ({ eventType: 'a', payload: {} }));
      expected(202, await ann.organization('POST', `/app/${appId}/msg/batch`, { messages }));
    }

    const underWay = new Map<string, number>();
    let [all, mostOfAll, mostAtOne] = [0, 0, 0];
    const seen = new Set<string>();
    receiver.answerBy(({ path, headers }) => {
      const now = (underWay.get(path) ?? 0) + 1;
      underWay.set(path, now);
      [mostAtOne, mostOfAll] = [Math.max(mostAtOne, now), Math.max(mostOfAll, ++all)];
      setTimeout(() => {
        all--;
        underWay.set(path, underWay.get(path)! - 1);
      }, DELAY_MS);
      const key = `${path} ${String(headers['webhook-id'])}`;
      // Now and then the first attempt fails, so that there is something to try again.
      const failing = seen.size % 7 === 0 && !seen.has(key);
      seen.add(key);
      return { status: failing ? 500 : 200, delayMs: DELAY_MS };
    });
    const worker = await startProcess('worker', app.environment);
    undo.push(() => worker.stop());
    const sql = app.http.get(Sql);
    await eventually(
      async () => (await sql.run('SELECT 1 FROM message_outbox UNION ALL SELECT 1 FROM pending_delivery LIMIT 1')).length === 0,
      { within: 60_000 + deliveries * 20, what: 'nothing is under way' },
    );
    const [failed] = await sql.run<{ count: number }>('SELECT count(*)::int AS count FROM settled_delivery WHERE status <> 0');
    return [
      atMost('row 57', `${deliveries} deliveries due at once: most requests under way at one endpoint`, {
        measured: mostAtOne,
        limit: PER_ENDPOINT,
      }),
      atMost('row 57', 'most requests under way', { measured: mostOfAll, limit: PER_WORKER }),
      atMost('row 57', 'deliveries that ended without success', { measured: failed!.count, limit: 0 }),
    ];
  } finally {
    for (const step of undo.reverse()) await step();
  }
}
