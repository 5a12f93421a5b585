import type { Sql, Statement } from '../../../../platform/database/sql';
import { MESSAGE_COLUMNS, type MessageRow } from './message-row';

/** The bounds say which partitions hold them. */
const STATEMENT: Statement = {
  name: 'message.by_id',
  text: `SELECT ${MESSAGE_COLUMNS} FROM message WHERE id = ANY ($1::text[]) AND id >= $2 AND id <= $3`,
};

/** The rows of a page whose ids another statement found. Ids of messages that are gone are missing. */
export async function messagesById(sql: Sql, ids: readonly string[]): Promise<Map<string, MessageRow>> {
  const sorted = [...new Set(ids)].sort();
  if (sorted.length === 0) return new Map();
  const rows = await sql.run<MessageRow>(STATEMENT, [sorted, sorted.at(0), sorted.at(-1)]);
  return new Map(rows.map((row) => [row.id, row]));
}
