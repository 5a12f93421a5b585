import type { LookupHash } from '../../../platform/crypto/lookup-hash';

/** What is stored of a link's token. */
export function verificationTokenHash(lookup: LookupHash, token: string): Buffer {
  return lookup.of('user.email-verification.token.v1', token);
}

/** What is stored of the token that leads to a new password. */
export function resetTokenHash(lookup: LookupHash, token: string): Buffer {
  return lookup.of('user.password-reset.token.v1', token);
}

/** What is stored of the tokens by which two addresses agree to a change. */
export function emailChangeTokenHash(lookup: LookupHash, token: string): Buffer {
  return lookup.of('user.email-change.token.v1', token);
}

/** What is stored of a code. It is keyed: a plain hash of six digits is undone by trying them all. */
export function codeHash(lookup: LookupHash, userId: string, code: string): Buffer {
  return lookup.of('user.email-verification.code.v1', `${userId}:${code}`);
}
