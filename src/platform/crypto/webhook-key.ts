import { Ed25519Signer } from './ed25519-signer';
import { HmacSigner } from './hmac-signer';
import { defineSigner, signers, type SigningKey } from './webhook-signer';

const shared = defineSigner(new HmacSigner());
defineSigner(new Ed25519Signer());

/** A key, and what its signatures are called. */
export type WebhookKey = SigningKey & { readonly version: string };

export function sharedSecret(bytes: Buffer): string {
  return `${shared.prefix}_${bytes.toString('base64')}`;
}

/** The key that a text stands for, or null when it stands for none. */
export function parseWebhookKey(text: string): WebhookKey | null {
  const [, prefix, encoded = ''] = /^([a-z]+)_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const signer = signers().find((one) => one.prefix === prefix);
  const bytes = Buffer.from(encoded, 'base64');
  // Receivers decode strictly: a secret that only we could read would fail at every one of them.
  if (!signer || bytes.toString('base64') !== encoded) return null;
  const key = signer.keyOf(bytes);
  return key && { ...key, version: signer.version };
}

/** What a receiver needs to verify: the shared secret itself, or the public half of a key pair. */
export function verificationKey(text: string): string {
  return parseWebhookKey(text)?.verifiedBy ?? text;
}
