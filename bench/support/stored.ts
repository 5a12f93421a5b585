import type { Posthorn } from './posthorn';

export type Stored = { readonly bytes: number; readonly messages: number };

/** Of all tables, indexes and what lies beside them, once what is dead has been cleared away. */
export async function stored(posthorn: Posthorn): Promise<Stored> {
  await posthorn.sql('VACUUM');
  const [row] = await posthorn.sql<{ bytes: string; messages: string }>(
    `SELECT (SELECT count(*) FROM message) AS messages, sum(pg_total_relation_size(c.oid)) AS bytes
       FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
  );
  return { bytes: Number(row?.bytes), messages: Number(row?.messages) };
}

/** What each message has added. Tables of what is under way have the size of the largest crowd so far, and are no part of it. */
export const bytesPerMessage = (before: Stored, after: Stored): number => (after.bytes - before.bytes) / (after.messages - before.messages);
