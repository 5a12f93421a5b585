import { newId } from '../../../platform/ids/id';
import { ACCESS_TOKEN } from './token-format';
import type { TokenSigner } from './token-signer';

/** A stolen token is good for no longer; refreshing is cheap. */
const LIFETIME_SECONDS = 600;

export type SignedIn = { readonly accessToken: string; readonly tokenType: 'Bearer'; readonly expiresIn: number };

export function signInAs(userId: string, signer: TokenSigner, now: Date): SignedIn {
  const expiresAt = new Date(now.getTime() + LIFETIME_SECONDS * 1_000);
  const accessToken = signer.sign({ type: ACCESS_TOKEN, claims: { sub: userId, jti: newId('tok') }, issuedAt: now, expiresAt });
  return { accessToken, tokenType: 'Bearer', expiresIn: LIFETIME_SECONDS };
}
