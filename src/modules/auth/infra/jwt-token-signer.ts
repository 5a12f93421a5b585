import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AUDIENCE, ISSUER, type TokenType } from '../domain/token-format';
import { type Token, TokenSigner } from '../domain/token-signer';
import { SigningKeys } from './signing-keys';

@Injectable()
export class JwtTokenSigner extends TokenSigner {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
  ) {
    super();
  }

  override open(type: TokenType, token: string): unknown {
    const key = this.keys.keyOf(token, type);
    if (!key) return null;
    try {
      return this.jwt.verify<object>(token, {
        publicKey: key as unknown as Buffer,
        algorithms: ['ES256'],
        issuer: ISSUER,
        audience: AUDIENCE,
      });
    } catch {
      return null;
    }
  }

  override sign({ type, claims, issuedAt, expiresAt }: Token): string {
    const { id, privateKey } = this.keys.current;
    const payload = { ...claims, iss: ISSUER, aud: AUDIENCE, iat: seconds(issuedAt), ...(expiresAt && { exp: seconds(expiresAt) }) };
    return this.jwt.sign(payload, { privateKey, algorithm: 'ES256', header: { alg: 'ES256', typ: type, kid: id } });
  }
}

const seconds = (time: Date) => Math.floor(time.getTime() / 1_000);
