import { createHmac } from 'node:crypto';
import { type SigningKey, WebhookSigner } from './webhook-signer';

const MIN_BYTES = 24;
const MAX_BYTES = 75;

/** A secret that both sides share: HMAC-SHA-256. */
export class HmacSigner extends WebhookSigner {
  readonly prefix = 'whsec';
  readonly version = 'v1';
  readonly form = `"whsec_" and the base64 form of ${MIN_BYTES} to ${MAX_BYTES} bytes`;

  override keyOf(secret: Buffer): SigningKey | null {
    if (secret.length < MIN_BYTES || secret.length > MAX_BYTES) return null;
    return {
      sign: (content) => createHmac('sha256', secret).update(content).digest(),
      verifiedBy: `${this.prefix}_${secret.toString('base64')}`,
    };
  }
}
