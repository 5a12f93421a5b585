import { randomBytes } from 'node:crypto';
import type { WebhookSigner } from '../webhook-signer';

export type SignerSample = {
  /** Of a new key, as they stand in it in base64. */
  readonly newKey: () => Buffer;
  /** By another implementation than the one under test. @param key `verifiedBy` of the key that is said to have signed */
  readonly verify: (key: string, content: Buffer, signature: Buffer) => boolean;
  /** Whether a receiver holds the key itself. */
  readonly shared: boolean;
};

const CONTENT = Buffer.from('msg_1.1893456000.{"n":1}');
const NO_KEYS = [0, 1, 31, 33, 10_000].map((size) => Buffer.alloc(size, 7));

/** Every implementation of the port must pass this: `describeWebhookSigner('MySigner', new MySigner(), …)` in a spec of its own. */
export function describeWebhookSigner(name: string, signer: WebhookSigner, { newKey, verify, shared }: SignerSample): void {
  const made = (bytes = newKey()) => {
    const key = signer.keyOf(bytes);
    if (!key) throw new Error('The sample is no key.');
    return key;
  };

  describe(`${name} as a WebhookSigner`, () => {
    it('makes what another implementation verifies, of anything, again and again', () => {
      const key = made();
      for (const content of [CONTENT, CONTENT, Buffer.alloc(0), randomBytes(1_048_576)])
        expect(verify(key.verifiedBy, content, key.sign(content))).toBe(true);
    });

    it('makes nothing that verifies other bytes, or by another key', () => {
      const [key, other] = [made(), made()];
      expect(verify(key.verifiedBy, Buffer.concat([CONTENT, Buffer.from(' ')]), key.sign(CONTENT))).toBe(false);
      expect(verify(other.verifiedBy, CONTENT, key.sign(CONTENT))).toBe(false);
    });

    it('knows what is no key', () => {
      // As long as a key may be, these bytes may be one of a shared secret.
      for (const bytes of NO_KEYS) expect(shared && bytes.length > 1 && bytes.length < 100 ? null : signer.keyOf(bytes)).toBeNull();
    });

    it('shows receivers what they need and no more', () => {
      const bytes = newKey();
      const { verifiedBy } = made(bytes);
      expect(verifiedBy).toMatch(/^[a-z]+_[A-Za-z0-9+/]+={0,2}$/);
      const own = `${signer.prefix}_${bytes.toString('base64')}`;
      if (shared) expect(verifiedBy).toBe(own);
      else expect(Buffer.from(verifiedBy.split('_')[1] ?? '', 'base64').includes(bytes.subarray(0, 16))).toBe(false);
    });

    it('has names that fit into a key and a header', () => {
      expect(signer.prefix).toMatch(/^[a-z]+$/);
      expect(signer.version).toMatch(/^[a-z0-9]+$/);
      expect(signer.form).toContain(`"${signer.prefix}_"`);
    });
  });
}
