import { createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { parseWebhookKey } from './webhook-key';

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The `webhook-signature` header of Standard Webhooks: one signature per valid key over `id.timestamp.body`, the current
 * key first. `v1` is HMAC-SHA-256, `v1a` ed25519. https://github.com/standard-webhooks/standard-webhooks
 */
export function signWebhook(keys: readonly string[], id: string, timestamp: number, body: Buffer): string {
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return keys.map((key) => signature(key, content)).join(' ');
}

function signature(text: string, content: Buffer): string {
  const key = parsed(text);
  if (key.kind === 'hmac') return `v1,${createHmac('sha256', key.secret).update(content).digest('base64')}`;
  return `v1a,${sign(null, content, key.privateKey).toString('base64')}`;
}

type SigningKey = { readonly kind: 'hmac'; readonly secret: Buffer } | { readonly kind: 'ed25519'; readonly privateKey: KeyObject };

/** Parsing a key and building its object costs as much as signing; the few thousand keys in use are kept. */
const MAX_KEYS = 10_000;
const known = new Map<string, SigningKey>();

function parsed(text: string): SigningKey {
  const found = known.get(text);
  if (found) return found;
  const key = parseWebhookKey(text);
  if (!key) throw new Error('A stored webhook key is not readable.');
  const made: SigningKey =
    key.kind === 'hmac'
      ? key
      : { kind: 'ed25519', privateKey: createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, key.seed]), format: 'der', type: 'pkcs8' }) };
  if (known.size >= MAX_KEYS) known.clear();
  known.set(text, made);
  return made;
}
