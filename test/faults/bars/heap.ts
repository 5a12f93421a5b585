import { Sql } from '../../../src/platform/database/sql';
import { expected, signUp } from '../../support/accounts';
import { startTestApp } from '../../support/app';
import { eventually } from '../../support/eventually';
import { startProcess } from '../../support/processes';
import { startReceiver } from '../../support/receiver';
import { addEndpoint } from '../../support/webhooks';
import { atMost, type Bar } from './bar';

const HEAP_MB = 96;
const PAYLOAD_BYTES = 900_000;
const ENDPOINTS = 10;

/** Row 14: a worker with little memory, and far more to send than would fit into it. */
export async function heap(messages: number): Promise<Bar[]> {
  const undo: (() => unknown)[] = [];
  try {
    const app = await startTestApp({ env: { API_RATE_LIMIT: '0', DELIVERY_RETRY_SCHEDULE: Array(10).fill('1').join(',') } });
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    const body = 'x'.repeat(1_000_000);
    receiver.answerBy(() => ({ status: 200, delayMs: 100, body }));
    const before = await startProcess('worker', app.environment);
    const ann = await signUp(app);
    await before.stop();
    const { id: appId } = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' }));
    for (let n = 0; n < ENDPOINTS; n++) await addEndpoint(ann, appId, receiver.urlFor(`/${n}`));
    const payload = { text: 'x'.repeat(PAYLOAD_BYTES) };
    for (let n = 0; n < messages; n++) expected(202, await ann.organization('POST', `/app/${appId}/msg`, { eventType: 'a', payload }));

    const worker = await startProcess('worker', app.environment, { nodeArguments: [`--max-old-space-size=${HEAP_MB}`] });
    undo.push(() => worker.stop());
    let deaths = 0;
    void worker.exited.then(() => deaths++);
    const sql = app.http.get(Sql);
    await eventually(
      async () =>
        deaths > 0 || (await sql.run('SELECT 1 FROM message_outbox UNION ALL SELECT 1 FROM pending_delivery LIMIT 1')).length === 0,
      { within: 60_000 + messages * ENDPOINTS * 200, what: 'nothing is under way' },
    );
    const [done] = await sql.run<{ count: number }>('SELECT count(*)::int AS count FROM settled_delivery WHERE status = 0');
    const megabytes = Math.round((messages * ENDPOINTS * PAYLOAD_BYTES) / 1_000_000);
    return [
      atMost('row 14', `a heap of ${HEAP_MB} MB, ${megabytes} MB of payloads due at once: workers that ended`, {
        measured: deaths,
        limit: 0,
      }),
      atMost('row 14', 'deliveries without success', { measured: messages * ENDPOINTS - done!.count, limit: 0 }),
    ];
  } finally {
    for (const step of undo.reverse()) await step();
  }
}
