import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { type SigningKey, WebhookSigner } from './webhook-signer';

const HALF_BYTES = 32;
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A key pair, whose receivers hold nothing that is secret. */
export class Ed25519Signer extends WebhookSigner {
  readonly prefix = 'whsk';
  readonly version = 'v1a';
  readonly form = '"whsk_" and the base64 form of an ed25519 private key of 64 bytes (seed and public key)';

  override keyOf(bytes: Buffer): SigningKey | null {
    if (bytes.length !== 2 * HALF_BYTES) return null;
    const [seed, publicKey] = [bytes.subarray(0, HALF_BYTES), bytes.subarray(HALF_BYTES)];
    const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
    const derived = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-HALF_BYTES);
    if (!derived.equals(publicKey)) return null;
    return { sign: (content) => sign(null, content, privateKey), verifiedBy: `whpk_${publicKey.toString('base64')}` };
  }
}
