import type { RunStatement, Sql } from '../database/sql';

/** Detaching stops all who read or write the table, and whoever comes while it waits. Better to come back in an hour. */
const LOCK_TIMEOUT = '500ms';
/** Of all who detach and drop: any number that nobody else uses. */
const LOCK = 7_406_025;

/**
 * Drops the partition of a day, in steps each of which finds what the last one left: detached, emptied of what is kept, gone.
 * @param save moves what is to be kept to where it has a place without this partition
 * @returns whether it was this worker that dropped it
 */
export async function dropDay(sql: Sql, table: string, partition: string, save: () => Promise<unknown>): Promise<boolean> {
  await sql.transaction(async (run) => {
    await run(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await run('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const detach = `ALTER TABLE ${table} DETACH PARTITION ${partition}`;
    if ((await stateOf(run, partition)) === 'attached') await run(detach);
  });
  await save().catch(unlessGone);
  return sql.transaction(async (run) => {
    await run('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    if ((await stateOf(run, partition)) !== 'detached') return false;
    const remove = `DROP TABLE ${partition}`;
    await run(remove);
    return true;
  });
}

/** Another worker was faster. */
export function unlessGone(error: unknown): undefined {
  if ((error as { code?: string }).code !== '42P01') throw error;
  return undefined;
}

/** From the catalog: a look-up by name may be remembered from before the lock. */
async function stateOf(run: RunStatement, name: string): Promise<'attached' | 'detached' | 'gone'> {
  const [found] = await run<{ attached: boolean }>(
    'SELECT relispartition AS attached FROM pg_class WHERE relname = $1 AND pg_table_is_visible(oid)',
    [name],
  );
  return found ? (found.attached ? 'attached' : 'detached') : 'gone';
}
