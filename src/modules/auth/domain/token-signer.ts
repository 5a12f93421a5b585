import type { TokenType } from './token-format';

export type Token = {
  readonly type: TokenType;
  readonly claims: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly issuedAt: Date;
  readonly expiresAt: Date | null;
};

/** Port: makes and opens JWTs with our issuer and audience. */
export abstract class TokenSigner {
  abstract sign(token: Token): string;
  /** The claims of a token that we signed, of this type and not expired; else null. */
  abstract open(type: TokenType, token: string): unknown;
}
