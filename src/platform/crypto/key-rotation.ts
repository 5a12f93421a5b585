import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { TypeOrmUnitOfWork } from '../database/unit-of-work';
import { Cipher } from './cipher';
import { DataKeys } from './data-keys';
import { columnContext } from './encrypted-column';
import { type EncryptedTable, encryptedTables } from './encrypted-tables';

/** Rows that one statement looks at, and those that one changes. */
const LOOK_ROWS = 2_000;
const CHANGE_ROWS = 500;
const CHANGE_BYTES = 8_388_608;

const KEY_ID_BYTES = 4;

export type Slice = {
  /** Where to go on; null at the end of the table. */
  readonly last: string | null;
  /** Rows that were looked at. */
  readonly seen: number;
  /** Rows among them that were sealed with a retired key, changed or not. */
  readonly stale: number;
};

type SealedRow = { readonly id: string; readonly found: number } & Readonly<Record<string, unknown>>;

/** The steps of a rotation of data keys. Each joins the transaction of its caller, and may be repeated. */
@Injectable()
export class KeyRotation {
  constructor(
    private readonly uow: TypeOrmUnitOfWork,
    private readonly dataSource: DataSource,
    private readonly keys: DataKeys,
    private readonly cipher: Cipher,
  ) {}

  /** In a fixed order. */
  get tables(): readonly EncryptedTable[] {
    return encryptedTables(this.dataSource);
  }

  /** Wraps all data keys under the current key of the wrapper. @returns how many were wrapped by another */
  rewrap(): Promise<number> {
    return this.keys.rewrap();
  }

  async newestKeyId(): Promise<number> {
    const [row] = await this.query<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM data_key');
    return row?.id ?? 0;
  }

  /** Gives up to `limit` scopes a new key in place of one that is not newer than `upTo`. @returns how many */
  async replace(upTo: number, limit: number): Promise<number> {
    const old = await this.query<{ id: number; scope: string }>(
      'SELECT id, scope FROM data_key WHERE retired_at IS NULL AND id <= $1 ORDER BY id LIMIT $2 FOR UPDATE',
      [upTo, limit],
    );
    const made = await Promise.all(old.map(({ scope }) => this.keys.newKey(scope)));
    await this.query('UPDATE data_key SET retired_at = now() WHERE id = ANY ($1)', [old.map(({ id }) => id)]);
    await this.query('INSERT INTO data_key (scope, key_ring_id, wrapped) SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])', [
      old.map(({ scope }) => scope),
      made.map(([keyRingId]) => keyRingId),
      made.map(([, wrapped]) => wrapped),
    ]);
    return old.length;
  }

  /** Rows in all encrypted tables, as far as PostgreSQL has counted them. */
  async estimatedRows(): Promise<number> {
    const [row] = await this.query<{ rows: number }>(
      `SELECT coalesce(sum(greatest(reltuples, 0)), 0)::float8 AS rows FROM pg_class
        WHERE relkind = 'r' AND (relname = ANY ($1) OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent::regclass::text = ANY ($1)))`,
      [this.tables.map(({ table }) => table)],
    );
    return row?.rows ?? 0;
  }

  /** Ids of the retired keys, as they stand in what they sealed. */
  async retired(upTo: number): Promise<Buffer[]> {
    const rows = await this.query<{ id: number }>('SELECT id FROM data_key WHERE retired_at IS NOT NULL AND id <= $1', [upTo]);
    return rows.map(({ id }) => {
      const bytes = Buffer.allocUnsafe(KEY_ID_BYTES);
      bytes.writeUInt32BE(id);
      return bytes;
    });
  }

  /**
   * Looks at the next rows of a table after the id `after`, and seals those anew whose key is retired. Rows that somebody
   * else holds are left for the next pass: this never waits for a request, and a request waits for moments only.
   */
  async reseal({ table, columns }: EncryptedTable, after: string, retired: readonly Buffer[]): Promise<Slice> {
    const { look, lock, write } = statementsOf(table, columns);
    const [slice] = await this.query<Slice>(look, [after, retired, LOOK_ROWS]);
    if (!slice || slice.stale === 0) return slice ?? { last: null, seen: 0, stale: 0 };
    const rows = await this.query<SealedRow>(lock, [after, retired, slice.last, CHANGE_ROWS, CHANGE_BYTES]);
    const [first, last] = [rows.at(0), rows.at(-1)];
    if (!first || !last) return slice;

    const ids = new Set(retired.map((id) => id.readUInt32BE()));
    const reseal = async (column: string, id: string, value: unknown) =>
      value instanceof Buffer && ids.has(value.readUInt32BE(1)) ? this.cipher.reseal(columnContext(table, column, id), value) : null;
    const sealed = await Promise.all(columns.map((column) => Promise.all(rows.map((row) => reseal(column, row.id, row[column])))));
    await this.query(write, [first.id, last.id, rows.map(({ id }) => id), ...sealed]);

    const cutShort = first.found === CHANGE_ROWS || rows.length < first.found;
    return cutShort ? { last: last.id, seen: rows.length, stale: rows.length } : slice;
  }

  /** Only after a whole pass that found nothing sealed with them. @returns how many */
  async deleteRetired(upTo: number): Promise<number> {
    const rows = await this.query<{ id: number }>(
      'WITH deleted AS (DELETE FROM data_key WHERE retired_at IS NOT NULL AND id <= $1 RETURNING id) SELECT id FROM deleted',
      [upTo],
    );
    return rows.length;
  }

  private query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.uow.manager.query<Row[]>(text, values);
  }
}

/** Table and columns come from declarations in the code, so they may become part of the text. */
function statementsOf(table: string, columns: readonly string[]) {
  const stale = columns.map((column) => `substring(${column} FROM 2 FOR ${KEY_ID_BYTES}) = ANY ($2)`).join(' OR ');
  const size = columns.map((column) => `coalesce(octet_length(${column}), 0)`).join(' + ');
  const names = columns.join(', ');
  return {
    look: `
      SELECT max(id) AS last, count(*)::int AS seen, (count(*) FILTER (WHERE stale))::int AS stale
        FROM (SELECT id, (${stale}) AS stale FROM ${table} WHERE id > $1 ORDER BY id LIMIT $3) slice`,
    lock: `
      SELECT id, ${names}, found
        FROM (
          SELECT id, ${names}, (count(*) OVER ())::int AS found, sum(${size}) OVER (ORDER BY id) - (${size}) AS bytes_before
            FROM (
              SELECT id, ${names} FROM ${table} WHERE id > $1 AND id <= $3 AND (${stale})
               ORDER BY id LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED
            ) locked
        ) sized
       WHERE bytes_before < $5 ORDER BY id`,
    // The bounds say which partitions hold these ids.
    write: `
      UPDATE ${table} t SET ${columns.map((column) => `${column} = coalesce(sealed.${column}, t.${column})`).join(', ')}
        FROM unnest($3::text[], ${columns.map((_, index) => `$${index + 4}::bytea[]`).join(', ')}) AS sealed (id, ${names})
       WHERE t.id = sealed.id AND t.id >= $1 AND t.id <= $2`,
  };
}
