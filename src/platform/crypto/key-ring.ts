import { createCipheriv, createDecipheriv } from 'node:crypto';
import { drawnBytes } from './drawn-bytes';
import { KeyWrapper } from './key-wrapper';

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM: `nonce (12) | ciphertext | tag (16)`. `context` is authenticated and not stored: it binds the bytes to their place. */
export function encrypt(key: Buffer, context: string, plain: Buffer): Buffer {
  const nonce = drawnBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

/** @throws when the bytes, the key or the context are not those of `encrypt` */
export function decrypt(key: Buffer, context: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(sealed.length - TAG));
  const plain = decipher.update(sealed.subarray(NONCE, sealed.length - TAG));
  decipher.final();
  return plain;
}

/** Keys from the environment or a file: the first wraps, all unwrap, so that a key can be replaced without a pause. */
export class KeyRing extends KeyWrapper {
  private readonly keys: ReadonlyMap<string, Buffer>;
  override readonly currentId: string;

  constructor(keys: readonly { readonly id: string; readonly key: Buffer }[]) {
    super();
    const [first] = keys;
    if (!first) throw new Error('A key ring needs at least one key.');
    this.currentId = first.id;
    this.keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  override wrap(context: string, plain: Buffer): Promise<Buffer> {
    return Promise.resolve(encrypt(this.key(this.currentId), context, plain));
  }

  override unwrap(keyId: string, context: string, wrapped: Buffer): Promise<Buffer> {
    return new Promise((resolve) => {
      resolve(decrypt(this.key(keyId), context, wrapped));
    });
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new Error(`ENCRYPTION_KEYS lacks the key ${id}, which stored data still needs.`);
    return key;
  }
}
