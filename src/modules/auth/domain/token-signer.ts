import type { TokenType } from './token-format';

export type Token = {
  readonly type: TokenType;
  readonly claims: Readonly<Record<string, string>>;
  readonly issuedAt: Date;
  readonly expiresAt: Date | null;
};

/** Port: makes a JWT with our issuer and audience. */
export abstract class TokenSigner {
  abstract sign(token: Token): string;
}
