import type { Sql } from '../database/sql';

/** Midnight of the day that it is for the database, in UTC. */
export async function todayOf(sql: Sql): Promise<Date> {
  const [row] = await sql.run<{ today: string }>(`SELECT to_char(now() AT TIME ZONE 'utc', 'YYYY-MM-DD') AS today`);
  return new Date(row?.today ?? NaN);
}
