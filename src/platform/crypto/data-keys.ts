import { randomBytes } from 'node:crypto';
import type { SideConnection } from '../database/side-connection';
import type { KeyWrapper } from './key-wrapper';

export type DataKey = { readonly id: number; readonly scope: string; readonly key: Buffer };

type DataKeyRow = { id: number; scope: string; key_ring_id: string; wrapped: Buffer };

const COLUMNS = 'id, scope, key_ring_id, wrapped';
const CURRENT = `SELECT ${COLUMNS} FROM data_key WHERE scope = $1 AND retired_at IS NULL`;
const WRAPPED_BY_ANOTHER = `SELECT ${COLUMNS} FROM data_key WHERE key_ring_id <> $1 ORDER BY id LIMIT 500`;
const BY_ID = `SELECT ${COLUMNS} FROM data_key WHERE id = $1`;

/**
 * The data keys: each wrapped by a key that this database never sees, at most one current for each scope. Outside any transaction of the caller:
 * a key that a rollback removed would take what it encrypted with it.
 */
export class DataKeys {
  constructor(
    private readonly db: Pick<SideConnection, 'run'>,
    private readonly wrapper: KeyWrapper,
  ) {}

  /** The key that seals; made when the scope has none. */
  async current(scope: string): Promise<DataKey> {
    const [existing] = await this.db.run<DataKeyRow>(CURRENT, [scope]);
    if (existing) return this.unwrapped(existing);
    await this.db.run(
      'INSERT INTO data_key (scope, key_ring_id, wrapped) VALUES ($1, $2, $3) ON CONFLICT (scope) WHERE retired_at IS NULL DO NOTHING',
      [scope, ...(await this.newKey(scope))],
    );
    const [created] = await this.db.run<DataKeyRow>(CURRENT, [scope]);
    if (!created) throw new Error(`No data key for ${scope}.`);
    return this.unwrapped(created);
  }

  async byId(id: number): Promise<DataKey> {
    const [row] = await this.db.run<DataKeyRow>(BY_ID, [id]);
    if (!row) throw new Error(`Data key ${id} does not exist.`);
    return this.unwrapped(row);
  }

  /** All keys of a scope, and with them all that they encrypted, wherever it is kept. */
  async delete(scope: string): Promise<void> {
    await this.db.run('DELETE FROM data_key WHERE scope = $1', [scope]);
  }

  /** Columns `key_ring_id` and `wrapped` of a key that nobody has seen yet. */
  async newKey(scope: string): Promise<[keyRingId: string, wrapped: Buffer]> {
    return [this.wrapper.currentId, await this.wrapper.wrap(contextOf(scope), randomBytes(32))];
  }

  /** Wraps all keys under the current key of the wrapper. Safe while others read, make and delete keys. @returns how many it changed */
  async rewrap(): Promise<number> {
    let changed = 0;
    for (;;) {
      const rows = await this.db.run<DataKeyRow>(WRAPPED_BY_ANOTHER, [this.wrapper.currentId]);
      if (rows.length === 0) return changed;
      const rewrapped = rows.map(async (row) => this.wrapper.wrap(contextOf(row.scope), (await this.unwrapped(row)).key));
      const wrapped = await Promise.all(rewrapped);
      await this.db.run(
        `UPDATE data_key k SET key_ring_id = $1, wrapped = i.wrapped
           FROM unnest($2::int[], $3::bytea[]) AS i (id, wrapped) WHERE k.id = i.id`,
        [this.wrapper.currentId, rows.map(({ id }) => id), wrapped],
      );
      changed += rows.length;
    }
  }

  private async unwrapped({ id, scope, key_ring_id, wrapped }: DataKeyRow): Promise<DataKey> {
    return { id, scope, key: await this.wrapper.unwrap(key_ring_id, contextOf(scope), wrapped) };
  }
}

const contextOf = (scope: string) => `data_key:${scope}`;
