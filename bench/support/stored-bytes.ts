import type { Posthorn } from './posthorn';

/** Of all tables, indexes and what lies beside them, once what is dead has been cleared away. */
export async function storedBytes(posthorn: Posthorn): Promise<number> {
  await posthorn.sql('VACUUM');
  const [row] = await posthorn.sql<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
  );
  return Number(row?.bytes);
}
