import { firstIdAt } from '../ids/id';

/** Tables partitioned by day over the time in their ids, with the prefix of the id that is their key. */
const PARTITIONED = [
  { table: 'outbox_event', prefix: 'evt' },
  { table: 'audit_entry', prefix: 'aud' },
  { table: 'message', prefix: 'msg' },
  { table: 'settled_delivery', prefix: 'msg' },
  { table: 'attempt', prefix: 'atmpt' },
] as const;

const DAY_MS = 86_400_000;
/** Made this far ahead, so that a week without a running worker still finds its partitions. */
const DAYS_AHEAD = 8;

type RunSql = (text: string, values?: unknown[]) => Promise<unknown>;

/**
 * Makes the missing partitions from today on. Rows outside every partition go to `<table>_rest`: slower, never lost.
 * A day that already has rows there keeps them there.
 */
export async function ensurePartitions(sql: RunSql, on?: Date): Promise<void> {
  const { today: now, existing } = await partitionsNow(sql);
  const today = on ?? now;
  for (const { table, prefix } of PARTITIONED) {
    if (!existing.has(table)) continue;
    for (let day = 0; day < DAYS_AHEAD; day++) {
      const start = new Date(today.getTime() + day * DAY_MS);
      const name = partitionName(table, start);
      if (existing.has(name)) continue;
      await sql(partition(table, name, firstIdAt(prefix, start), firstIdAt(prefix, new Date(start.getTime() + DAY_MS)))).catch(
        unlessNotNeeded,
      );
    }
  }
}

/** For how many days after today every partitioned table has its partition. */
export async function daysAhead(sql: RunSql): Promise<number> {
  const { today, existing } = await partitionsNow(sql);
  const missing = Array.from({ length: DAYS_AHEAD }, (_, day) => day).find((day) =>
    PARTITIONED.some(({ table }) => !existing.has(partitionName(table, new Date(today.getTime() + day * DAY_MS)))),
  );
  return (missing ?? DAYS_AHEAD) - 1;
}

/** Of one day. Detached ones are on their way to being dropped. */
export type DayPartition = { readonly name: string; readonly day: Date; readonly attached: boolean; readonly note: string | null };

/** Those of a table that end at `before` or earlier, the oldest first. */
export async function partitionsBefore(sql: RunSql, table: string, before: Date): Promise<DayPartition[]> {
  const rows = (await sql(
    `SELECT c.relname::text AS name, c.relispartition AS attached, obj_description(c.oid, 'pg_class') AS note
       FROM pg_class c WHERE c.relkind = 'r' AND c.relname ~ ('^' || $1 || '_[0-9]{8}$') ORDER BY 1`,
    [table],
  )) as { name: string; attached: boolean; note: string | null }[];
  const days = rows.map((row) => ({ ...row, day: new Date(row.name.slice(-8).replace(/(....)(..)(..)/, '$1-$2-$3')) }));
  return days.filter(({ day }) => day.getTime() + DAY_MS <= before.getTime());
}

/** The day of the database and the names of all its tables. */
async function partitionsNow(sql: RunSql): Promise<{ today: Date; existing: ReadonlySet<string> }> {
  const [{ today, tables }] = (await sql(
    `SELECT to_char(now() AT TIME ZONE 'utc', 'YYYY-MM-DD') AS today, (SELECT array_agg(relname::text) FROM pg_class WHERE relkind IN ('r', 'p')) AS tables`,
  )) as [{ today: string; tables: string[] }];
  return { today: new Date(Date.parse(today)), existing: new Set(tables) };
}

const partitionName = (table: string, day: Date): string => `${table}_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;

const partition = (table: string, name: string, from: string, to: string) =>
  `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${table} FOR VALUES FROM ('${from}') TO ('${to}')`;

/** The default partition already holds rows of that day, and they are found there; or another worker made it at this moment. */
const TOLERATED = new Set(['23514', '42P07', '23505']);

function unlessNotNeeded(error: unknown): void {
  const { code = '' } = ((error as { driverError?: object }).driverError ?? error) as { code?: string };
  if (!TOLERATED.has(code)) throw error;
}
