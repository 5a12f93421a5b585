import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

export type Wait = { readonly statement: string; readonly waitsFor: string; readonly percent: number };

const EVERY_MS = 10;
const ACTIVE = `
  SELECT regexp_replace(left(query, 300), '\\s+', ' ', 'g') AS statement, coalesce(wait_event_type || ' ' || wait_event, 'nothing: it runs') AS waits_for
    FROM pg_stat_activity WHERE datname = $1 AND state = 'active'`;

/** What the statements of a database are seen waiting for while the work is done: shares of all that were seen. */
export async function waitsDuring<T>(adminUrl: string, databaseUrl: string, work: () => Promise<T>): Promise<{ result: T; waits: Wait[] }> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  const seen = new Map<string, { statement: string; waitsFor: string; times: number }>();
  let going = true;
  const watch = async () => {
    while (going) {
      const { rows } = await client.query<{ statement: string; waits_for: string }>(ACTIVE, [new URL(databaseUrl).pathname.slice(1)]);
      for (const { statement, waits_for: waitsFor } of rows) {
        const key = `${statement} ${waitsFor}`;
        const known = seen.get(key) ?? { statement: statement.trim().slice(0, 70), waitsFor, times: 0 };
        known.times++;
        seen.set(key, known);
      }
      await pause(EVERY_MS);
    }
  };
  const watching = watch();
  try {
    const result = await work();
    going = false;
    await watching;
    const all = [...seen.values()];
    const total = all.reduce((sum, { times }) => sum + times, 0);
    const waits = all.map(({ statement, waitsFor, times }) => ({ statement, waitsFor, percent: (100 * times) / total }));
    return { result, waits: waits.sort((a, b) => b.percent - a.percent) };
  } finally {
    going = false;
    await client.end();
  }
}
