import { AUDIENCE, ISSUER } from '../domain/token-format';
import { type Token, TokenSigner } from '../domain/token-signer';

/** Signs nothing: the token is its own content, for tests to read. */
export class ReadableTokenSigner extends TokenSigner {
  override sign({ type, claims, issuedAt, expiresAt }: Token): string {
    const [iat, exp] = [issuedAt, expiresAt].map((time) => (time ? Math.floor(time.getTime() / 1_000) : undefined));
    return Buffer.from(JSON.stringify({ type, claims: { ...claims, iss: ISSUER, aud: AUDIENCE, iat, exp } })).toString('base64url');
  }

  static read(token: string): unknown {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  }
}
