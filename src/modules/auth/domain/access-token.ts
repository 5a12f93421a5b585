import { newId } from '../../../platform/ids/id';
import type { Session } from './session';
import { ACCESS_TOKEN } from './token-format';
import type { TokenSigner } from './token-signer';

/** A stolen token is good for no longer; refreshing is cheap. */
export const ACCESS_TOKEN_SECONDS = 600;

export function accessToken({ id, userId }: Session, signer: TokenSigner, now: Date): string {
  const expiresAt = new Date(now.getTime() + ACCESS_TOKEN_SECONDS * 1_000);
  return signer.sign({ type: ACCESS_TOKEN, claims: { sub: userId, sid: id, jti: newId('tok') }, issuedAt: now, expiresAt });
}
