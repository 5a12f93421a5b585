import { z } from 'zod';
import { AUDIENCE, ISSUER, type TokenType } from '../domain/token-format';
import { type Token, TokenSigner } from '../domain/token-signer';

/** Signs nothing: the token is its own content, for tests to read. */
export class ReadableTokenSigner extends TokenSigner {
  override sign({ type, claims, issuedAt, expiresAt }: Token): string {
    const [iat, exp] = [issuedAt, expiresAt].map((time) => (time ? Math.floor(time.getTime() / 1_000) : undefined));
    return Buffer.from(JSON.stringify({ type, claims: { ...claims, iss: ISSUER, aud: AUDIENCE, iat, exp } })).toString('base64url');
  }

  override open(type: TokenType, token: string): unknown {
    const { success, data } = Opened.safeParse(readable(token));
    const live = success && data.type === type && (data.claims.exp ?? Infinity) * 1_000 > Date.now();
    return live ? data.claims : null;
  }

  static read(token: string): unknown {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  }
}

const Opened = z.object({ type: z.string(), claims: z.looseObject({ exp: z.number().optional() }) });

function readable(token: string): unknown {
  try {
    return ReadableTokenSigner.read(token);
  } catch {
    return null;
  }
}
