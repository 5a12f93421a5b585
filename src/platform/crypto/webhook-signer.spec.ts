import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { Ed25519Signer } from './ed25519-signer';
import { HmacSigner } from './hmac-signer';
import { describeWebhookSigner } from './testing/webhook-signer.contract';
import { parseWebhookKey } from './webhook-key';
import { signWebhook } from './webhook-signature';
import { defineSigner, type SigningKey, WebhookSigner } from './webhook-signer';

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const bytesOf = (key: string) => Buffer.from(key.split('_')[1] ?? '', 'base64');

describeWebhookSigner('HmacSigner', new HmacSigner(), {
  newKey: () => randomBytes(24),
  verify: (key, content, signature) => createHmac('sha256', bytesOf(key)).update(content).digest().equals(signature),
  shared: true,
});

describeWebhookSigner('Ed25519Signer', new Ed25519Signer(), {
  newKey: () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const half = (der: Buffer) => der.subarray(-32);
    return Buffer.concat([
      half(privateKey.export({ format: 'der', type: 'pkcs8' })),
      half(publicKey.export({ format: 'der', type: 'spki' })),
    ]);
  },
  verify: (key, content, signature) => {
    const spki = Buffer.concat([SPKI_ED25519, bytesOf(key)]);
    return verify(null, content, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
  },
  shared: false,
});

/** As a module would add one. */
class Sha512Signer extends WebhookSigner {
  readonly prefix = 'whsecl';
  readonly version = 'v1l';
  readonly form = '"whsecl_" and the base64 form of 32 bytes';

  override keyOf(secret: Buffer): SigningKey | null {
    if (secret.length !== 32) return null;
    const sign = (content: Buffer) => createHmac('sha512', secret).update(content).digest();
    return { sign, verifiedBy: `${this.prefix}_${secret.toString('base64')}` };
  }
}

describe('a signer that a module adds', () => {
  it('signs with its keys, beside those that there are, and is the only one of its name', () => {
    const text = `whsecl_${Buffer.alloc(32, 1).toString('base64')}`;
    expect(parseWebhookKey(text)).toBeNull();
    defineSigner(new Sha512Signer());
    const expected = createHmac('sha512', Buffer.alloc(32, 1)).update('msg_1.7.{}').digest('base64');
    expect(signWebhook([text], 'msg_1', 7, Buffer.from('{}'))).toBe(`v1l,${expected}`);
    expect(() => defineSigner(new Sha512Signer())).toThrow('Sha512Signer');
    expect(() => defineSigner(new HmacSigner())).toThrow('HmacSigner');
  });
});
