import type { LookupHash } from '../../../platform/crypto/lookup-hash';
import { ACCESS_TOKEN_SECONDS, accessToken } from './access-token';
import { refreshToken } from './refresh-token';
import type { Session } from './session';
import type { TokenSigner } from './token-signer';

/** What whoever signs in is given. */
export type SessionTokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
};

export function sessionTokens(session: Session, signer: TokenSigner, lookup: LookupHash, now: Date): SessionTokens {
  return {
    accessToken: accessToken(session, signer, now),
    refreshToken: refreshToken(session, session.generation, lookup),
    tokenType: 'Bearer',
    expiresIn: ACCESS_TOKEN_SECONDS,
  };
}
