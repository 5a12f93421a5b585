import { createPrivateKey, createPublicKey } from 'node:crypto';

/** A key that signs webhooks, as Standard Webhooks writes it: `whsec_` for a shared secret, `whsk_` for an ed25519 key pair. */
export type WebhookKey =
  { readonly kind: 'hmac'; readonly secret: Buffer } | { readonly kind: 'ed25519'; readonly seed: Buffer; readonly publicKey: Buffer };

const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 75;
const ED25519_SEED_BYTES = 32;
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function sharedSecret(bytes: Buffer): string {
  return `whsec_${bytes.toString('base64')}`;
}

/** The key that a text stands for, or null when it stands for none. */
export function parseWebhookKey(text: string): WebhookKey | null {
  const [, prefix, encoded = ''] = /^(whsec|whsk)_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  // Receivers decode strictly: a secret that only we could read would fail at every one of them.
  if (bytes.toString('base64') !== encoded) return null;
  if (prefix === 'whsec')
    return bytes.length >= MIN_SECRET_BYTES && bytes.length <= MAX_SECRET_BYTES ? { kind: 'hmac', secret: bytes } : null;
  if (prefix !== 'whsk' || bytes.length !== 2 * ED25519_SEED_BYTES) return null;
  const [seed, publicKey] = [bytes.subarray(0, ED25519_SEED_BYTES), bytes.subarray(ED25519_SEED_BYTES)];
  return ed25519PublicKey(seed).equals(publicKey) ? { kind: 'ed25519', seed, publicKey } : null;
}

/** What a receiver needs to verify: the shared secret itself, or the public half of a key pair. */
export function verificationKey(text: string): string {
  const key = parseWebhookKey(text);
  return key?.kind === 'ed25519' ? `whpk_${key.publicKey.toString('base64')}` : text;
}

function ed25519PublicKey(seed: Buffer): Buffer {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-ED25519_SEED_BYTES);
}
