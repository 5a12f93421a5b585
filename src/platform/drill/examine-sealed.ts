import type { DataSource } from 'typeorm';
import type { Cipher } from '../crypto/cipher';
import { columnContext } from '../crypto/encrypted-column';
import { encryptedTables } from '../crypto/encrypted-tables';
import { type Finding, ok, problem } from '../doctor/finding';

/** Of each table, from either end. */
const SAMPLE = 500;

/** Opens what is sealed: every data key, and a sample of every table. What a key that was deleted has sealed is not to be read any more. */
export async function examineSealed(dataSource: DataSource, cipher: Cipher): Promise<Finding> {
  const keys = await dataSource.query<{ id: number }[]>('SELECT id FROM data_key');
  const known = new Set(keys.map(({ id }) => id));
  const used = new Set<number>();
  const closed = new Map<string, number>();
  let opened = 0;
  for (const { table, columns } of encryptedTables(dataSource)) {
    for (const row of await sampleOf(dataSource, table, columns)) {
      for (const column of columns) {
        const value = row[column];
        if (!(value instanceof Buffer) || !known.has(value.readUInt32BE(1))) continue;
        used.add(value.readUInt32BE(1));
        try {
          await cipher.open(columnContext(table, column, row.id), value);
          opened++;
        } catch {
          closed.set(`${table}.${column}`, (closed.get(`${table}.${column}`) ?? 0) + 1);
        }
      }
    }
  }
  return closed.size === 0
    ? ok('keys.decrypt', `${opened} sealed values of ${used.size} data keys opened.`)
    : problem(
        'keys.decrypt',
        `These do not open with ENCRYPTION_KEYS: ${[...closed].map(([place, count]) => `${count} of ${place}`).join(', ')}.`,
      );
}

function sampleOf(dataSource: DataSource, table: string, columns: readonly string[]) {
  const statement = sampleStatement(table, columns.join(', '));
  return dataSource.query<({ id: string } & Record<string, unknown>)[]>(statement, [SAMPLE]);
}

/** Names come from declarations in the code, so they may become part of the text. */
const sampleStatement = (table: string, columns: string) => `
  (SELECT id, ${columns} FROM ${table} ORDER BY id ASC LIMIT $1) UNION (SELECT id, ${columns} FROM ${table} ORDER BY id DESC LIMIT $1)`;
