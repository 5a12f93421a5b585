import { Sql } from '../../../src/platform/database/sql';
import { expected, signUp } from '../../support/accounts';
import { startTestApp } from '../../support/app';
import { eventually } from '../../support/eventually';
import { startProcess } from '../../support/processes';
import { startReceiver } from '../../support/receiver';
import { send } from '../../support/webhooks';
import { atMost, type Bar } from './bar';

const MESSAGES = 2;
const AT_ONCE = 8;
/** The worker is killed long before. */
const PATIENCE_S = 60;

/** Row 45: a worker dies while half of the deliveries of a message are planned. */
export async function fanOut(endpoints: number): Promise<Bar[]> {
  const undo: (() => unknown)[] = [];
  try {
    const app = await startTestApp({ env: { API_RATE_LIMIT: '0' } });
    undo.push(() => app.stop());
    const receiver = await startReceiver();
    undo.push(() => receiver.stop());
    const first = await startProcess('worker', app.environment);
    undo.push(() => first.kill());
    const ann = await signUp(app);
    const { id: appId } = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' }));
    const make = async (from: number) => {
      for (let n = from; n < endpoints; n += AT_ONCE)
        expected(201, await ann.organization('POST', `/app/${appId}/endpoint`, { url: receiver.urlFor(`/${n}`) }));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => make(n)));

    const sql = app.http.get(Sql);
    await sql.run(`
      CREATE SEQUENCE planned;
      CREATE FUNCTION wait_half_way() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('planned') = ${Math.floor(endpoints / 2)} THEN PERFORM pg_sleep(${PATIENCE_S}); END IF;
          RETURN NEW;
        END $$;
      CREATE TRIGGER half_way BEFORE INSERT ON pending_delivery FOR EACH ROW EXECUTE FUNCTION wait_half_way()`);
    for (let n = 0; n < MESSAGES; n++) await send(ann, appId, n);
    const sleeping = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;
    const [session] = await eventually(
      async () => {
        const rows = await sql.run<{ pid: number }>(sleeping);
        return rows.length > 0 && rows;
      },
      { within: PATIENCE_S * 1_000, what: 'half of the deliveries are planned' },
    );
    await first.kill();
    // As if the machine had died: otherwise the session would end what it began.
    await sql.run('SELECT pg_terminate_backend($1)', [session!.pid]);
    const second = await startProcess('worker', app.environment);
    undo.push(() => second.stop());
    await eventually(
      async () => (await sql.run('SELECT 1 FROM message_outbox UNION ALL SELECT 1 FROM pending_delivery LIMIT 1')).length === 0,
      { within: 60_000 + endpoints * 50, what: 'nothing is under way' },
    );

    const times = new Map<string, number>();
    for (const { path, headers } of receiver.requests) {
      const key = `${path} ${String(headers['webhook-id'])}`;
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    const once = [...times.values()].filter((count) => count === 1).length;
    return [
      atMost('row 45', `fan-out that died half way: of ${MESSAGES} messages to ${endpoints} endpoints, not there exactly once`, {
        measured: endpoints * MESSAGES - once,
        limit: 0,
      }),
    ];
  } finally {
    for (const step of undo.reverse()) await step();
  }
}
