import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type DataKey, DataKeys } from './data-keys';
import { decrypt, encrypt } from './key-ring';

/** Owner of the data keys of what belongs to no organization: users, sessions. */
export const SYSTEM_SCOPE = 'system';

/** So long a process may go on sealing with a key that was retired: a rotation waits for longer before it relies on the new one. */
export const CURRENT_KEY_MS = 10_000;

/** Keys of organizations, of which there may be any number; one takes some 200 bytes. */
const MAX_REMEMBERED = 10_000;
const VERSION = 1;
const HEADER = 5;

type CurrentKey = { readonly key: Promise<DataKey>; readonly until: number };

/**
 * Encrypts user data at rest: `version (1) | data key id (4) | nonce | ciphertext | tag`, AES-256-GCM. Each scope (an
 * organization, or the system) has its own data key, stored wrapped by the key ring. `context` names the place of the
 * value, `table.column:row`, and is authenticated: bytes moved to another row do not decrypt.
 */
@Injectable()
export class Cipher {
  private readonly byScope = new LRUCache<string, CurrentKey>({ max: MAX_REMEMBERED });
  private readonly byId = new LRUCache<number, Promise<DataKey>>({ max: MAX_REMEMBERED });

  constructor(private readonly keys: DataKeys) {}

  async seal(scope: string, context: string, plain: Buffer): Promise<Buffer> {
    const { id, key } = await this.currentKey(scope);
    const header = Buffer.allocUnsafe(HEADER);
    header.writeUInt8(VERSION, 0);
    header.writeUInt32BE(id, 1);
    return Buffer.concat([header, encrypt(key, context, plain)]);
  }

  /** @throws when the bytes were not sealed for this context, or were altered */
  async open(context: string, sealed: Buffer): Promise<Buffer> {
    const { key } = await this.keyOf(context, sealed);
    return decrypt(key, context, sealed.subarray(HEADER));
  }

  async sealJson(scope: string, context: string, value: unknown): Promise<Buffer> {
    return this.seal(scope, context, Buffer.from(JSON.stringify(value)));
  }

  async openJson<T>(context: string, sealed: Buffer): Promise<T> {
    return JSON.parse((await this.open(context, sealed)).toString()) as T;
  }

  /** The same value under the current key of its scope. */
  async reseal(context: string, sealed: Buffer): Promise<Buffer> {
    const { scope } = await this.keyOf(context, sealed);
    return this.seal(scope, context, await this.open(context, sealed));
  }

  /**
   * Deletes the keys of a scope: all that they encrypted is unreadable from now on, in backups as well. At once and for
   * good, whatever becomes of the caller's transaction.
   */
  async shred(scope: string): Promise<void> {
    await this.keys.delete(scope);
    this.byScope.delete(scope);
    await Promise.allSettled([...this.byId].map(async ([id, key]) => (await key).scope === scope && this.byId.delete(id)));
  }

  private currentKey(scope: string): Promise<DataKey> {
    const known = this.byScope.get(scope);
    if (known && known.until > performance.now()) return known.key;
    const fresh = { key: this.keys.current(scope), until: performance.now() + CURRENT_KEY_MS };
    this.byScope.set(scope, fresh);
    fresh.key.catch(() => {
      if (this.byScope.get(scope) === fresh) this.byScope.delete(scope);
    });
    return fresh.key;
  }

  /** A key of an id never changes. A load that failed is forgotten, so that the next caller tries again. */
  private keyOf(context: string, sealed: Buffer): Promise<DataKey> {
    if (sealed.length <= HEADER || sealed[0] !== VERSION) return Promise.reject(new Error(`Unknown envelope in ${context}.`));
    const id = sealed.readUInt32BE(1);
    const known = this.byId.get(id);
    if (known) return known;
    const key = this.keys.byId(id);
    this.byId.set(id, key);
    key.catch(() => this.byId.delete(id));
    return key;
  }
}
