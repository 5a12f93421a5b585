import { signWebhook } from '../../../platform/crypto/webhook-signature';

type Signed = {
  /** Those of the endpoint. */
  readonly headers: Readonly<Record<string, string>>;
  /** That sign, the current one first. */
  readonly keys: readonly string[];
};

/** What every request to a receiver carries, signed as Standard Webhooks has it. */
export function signedHeaders(id: string, { headers, keys }: Signed, body: Buffer, now: Date): Record<string, string> {
  const timestamp = Math.floor(now.getTime() / 1_000);
  return {
    'content-type': 'application/json',
    'user-agent': 'Posthorn-Webhooks/1',
    ...headers,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signWebhook(keys, id, timestamp, body),
  };
}
