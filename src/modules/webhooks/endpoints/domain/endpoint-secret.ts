import { parseWebhookKey } from '../../../../platform/crypto/webhook-key';
import { signers } from '../../../../platform/crypto/webhook-signer';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { SecretLimitReached } from './endpoint.errors';

/** A key that signs; the first of a list is the current one, the others end at `expiresAt`. */
export type EndpointSecret = { readonly key: string; readonly expiresAt: string | null };

/** Each valid key costs one more signature in a header of every delivery. */
const MAX_OLD_KEYS = 10;

/** @throws InvalidField */
export function checkSecret(key: string, loc: readonly string[]): string {
  if (parseWebhookKey(key)) return key;
  const forms = signers().map(({ form }) => form);
  throw new InvalidField(loc, `The key must be ${forms.join(', or ')}.`);
}

/** The new key signs at once; the one before it goes on signing until the grace ends. @throws SecretLimitReached */
export function rotated(secrets: readonly EndpointSecret[], key: string, graceSeconds: number, now: Date): EndpointSecret[] {
  const end = new Date(now.getTime() + graceSeconds * 1_000).toISOString();
  const old = secrets
    .map((secret) => ({ key: secret.key, expiresAt: secret.expiresAt ?? end }))
    .filter((secret) => secret.key !== key && Date.parse(secret.expiresAt) > now.getTime());
  if (old.length > MAX_OLD_KEYS) throw new SecretLimitReached(MAX_OLD_KEYS);
  return [{ key, expiresAt: null }, ...old];
}
