import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Sql } from '../database/sql';
import { decrypt, encrypt, KeyRing } from './key-ring';

/** Owner of the data keys of what belongs to no organization: users, sessions. */
export const SYSTEM_SCOPE = 'system';

const VERSION = 1;
const HEADER = 5;

type DataKey = { readonly id: number; readonly key: Buffer };
type DataKeyRow = { id: number; scope: string; key_ring_id: string; wrapped: Buffer };

/**
 * Encrypts user data at rest: `version (1) | data key id (4) | nonce | ciphertext | tag`, AES-256-GCM. Each scope (an
 * organization, or the system) has its own data key, stored wrapped by the key ring. `context` names the place of the
 * value, `table.column:row`, and is authenticated: bytes moved to another row do not decrypt.
 */
@Injectable()
export class Cipher {
  private readonly byScope = new Map<string, Promise<DataKey>>();
  private readonly byId = new Map<number, Promise<DataKey>>();

  constructor(
    private readonly sql: Sql,
    private readonly ring: KeyRing,
  ) {}

  async seal(scope: string, context: string, plain: Buffer): Promise<Buffer> {
    const { id, key } = await this.currentKey(scope);
    const header = Buffer.allocUnsafe(HEADER);
    header.writeUInt8(VERSION, 0);
    header.writeUInt32BE(id, 1);
    return Buffer.concat([header, encrypt(key, context, plain)]);
  }

  /** @throws when the bytes were not sealed for this context, or were altered */
  async open(context: string, sealed: Buffer): Promise<Buffer> {
    if (sealed.length <= HEADER || sealed[0] !== VERSION) throw new Error(`Unknown envelope in ${context}.`);
    const { key } = await this.keyById(sealed.readUInt32BE(1));
    return decrypt(key, context, sealed.subarray(HEADER));
  }

  async sealJson(scope: string, context: string, value: unknown): Promise<Buffer> {
    return this.seal(scope, context, Buffer.from(JSON.stringify(value)));
  }

  async openJson<T>(context: string, sealed: Buffer): Promise<T> {
    return JSON.parse((await this.open(context, sealed)).toString()) as T;
  }

  private currentKey(scope: string): Promise<DataKey> {
    return remembered(this.byScope, scope, () => this.loadOrCreate(scope));
  }

  private keyById(id: number): Promise<DataKey> {
    return remembered(this.byId, id, async () => {
      const [row] = await this.sql.run<DataKeyRow>('SELECT id, scope, key_ring_id, wrapped FROM data_key WHERE id = $1', [id]);
      if (!row) throw new Error(`Data key ${id} does not exist.`);
      return this.unwrap(row);
    });
  }

  /** Outside any transaction of the caller: a key that a rollback removed would take what it encrypted with it. */
  private async loadOrCreate(scope: string): Promise<DataKey> {
    const select = 'SELECT id, scope, key_ring_id, wrapped FROM data_key WHERE scope = $1 AND retired_at IS NULL';
    const [existing] = await this.sql.run<DataKeyRow>(select, [scope]);
    if (existing) return this.unwrap(existing);
    await this.sql.run(
      'INSERT INTO data_key (scope, key_ring_id, wrapped) VALUES ($1, $2, $3) ON CONFLICT (scope) WHERE retired_at IS NULL DO NOTHING',
      [scope, this.ring.currentId, this.ring.wrap(keyContext(scope), randomBytes(32))],
    );
    const [created] = await this.sql.run<DataKeyRow>(select, [scope]);
    if (!created) throw new Error(`No data key for ${scope}.`);
    return this.unwrap(created);
  }

  private unwrap({ id, scope, key_ring_id, wrapped }: DataKeyRow): DataKey {
    return { id, key: this.ring.unwrap(key_ring_id, keyContext(scope), wrapped) };
  }
}

const keyContext = (scope: string) => `data_key:${scope}`;

/** A failed load is forgotten, so that the next caller tries again. */
function remembered<K, V>(cache: Map<K, Promise<V>>, key: K, load: () => Promise<V>): Promise<V> {
  let value = cache.get(key);
  if (!value) {
    value = load();
    cache.set(key, value);
    value.catch(() => cache.delete(key));
  }
  return value;
}
