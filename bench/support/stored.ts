import type { Posthorn } from './posthorn';

export type Stored = { readonly bytes: number; readonly messages: number };

/** Where nothing is kept. Their size is that of the largest crowd so far; whether VACUUM can give it back is chance. */
const UNDER_WAY = ['message_outbox', 'pending_delivery'];

/** Of all other tables, their indexes and what lies beside them, once what is dead has been cleared away. */
export async function stored(posthorn: Posthorn): Promise<Stored> {
  await posthorn.sql('VACUUM');
  const [row] = await posthorn.sql<{ bytes: string; messages: string }>(
    `SELECT (SELECT count(*) FROM message) AS messages, sum(pg_total_relation_size(c.oid)) AS bytes
       FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN ('${UNDER_WAY.join("', '")}')`,
  );
  return { bytes: Number(row?.bytes), messages: Number(row?.messages) };
}

/** What each message has added. */
export const bytesPerMessage = (before: Stored, after: Stored): number => (after.bytes - before.bytes) / (after.messages - before.messages);
