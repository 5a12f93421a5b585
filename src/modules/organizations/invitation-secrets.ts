import type { LookupHash } from '../../platform/crypto/lookup-hash';

/** By which the invitations of an address are found. Not the hash of accounts: the two tables must not be joined by it. */
export function invitedEmailHash(lookup: LookupHash, normalizedEmail: string): Buffer {
  return lookup.of('organizations.invitation.email.v1', normalizedEmail);
}

/** What is stored of a link's token. */
export function invitationTokenHash(lookup: LookupHash, token: string): Buffer {
  return lookup.of('organizations.invitation.token.v1', token);
}
