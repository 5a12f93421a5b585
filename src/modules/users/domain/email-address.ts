import type { LookupHash } from '../../../platform/crypto/lookup-hash';

/** The limit of SMTP: 64 characters before the @, 255 after it. */
export const MAX_EMAIL_LENGTH = 320;

const ATOM = String.raw`[^\s@.,:;<>()\[\]\\"\p{C}]+`;
const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?`;
const EMAIL = new RegExp(String.raw`^(?=.{1,64}@)${ATOM}(?:\.${ATOM})*@(?=.{1,255}$)(?:${LABEL}\.)+${LABEL}$`, 'u');

/**
 * One spelling for each address: Unicode NFKC, all in lower case. Mail servers that tell `Ann@` from `ann@` are extinct; people
 * who type one and then the other are not. Idempotent.
 */
export function normalizeEmail(text: string): string {
  return text.trim().normalize('NFKC').toLowerCase().normalize('NFKC').trim();
}

/**
 * Whether mail can be sent there. Stricter than the standards: no quoted local parts, comments, literals or bare host names, so that
 * an address is safe in a mail header as it stands.
 */
export function isEmail(text: string): boolean {
  const address = normalizeEmail(text);
  return address.length <= MAX_EMAIL_LENGTH && EMAIL.test(address);
}

/** By which an account is found: the address itself is encrypted. */
export function emailHash(lookup: LookupHash, address: string): Buffer {
  return lookup.of('user.email.v1', normalizeEmail(address));
}
