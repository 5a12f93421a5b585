import { parseWebhookKey, type WebhookKey } from './webhook-key';

/**
 * The `webhook-signature` header of Standard Webhooks: one signature per valid key over `id.timestamp.body`, the current
 * key first. https://github.com/standard-webhooks/standard-webhooks
 */
export function signWebhook(keys: readonly string[], id: string, timestamp: number, body: Buffer): string {
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return keys.map((key) => signature(key, content)).join(' ');
}

function signature(text: string, content: Buffer): string {
  const { version, sign } = parsed(text);
  return `${version},${sign(content).toString('base64')}`;
}

/** Parsing a key and building its object costs as much as signing; the few thousand keys in use are kept. */
const MAX_KEYS = 10_000;
const known = new Map<string, WebhookKey>();

function parsed(text: string): WebhookKey {
  const found = known.get(text);
  if (found) return found;
  const key = parseWebhookKey(text);
  if (!key) throw new Error('A stored webhook key is not readable.');
  if (known.size >= MAX_KEYS) known.clear();
  known.set(text, key);
  return key;
}
