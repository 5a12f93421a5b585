import type { IncomingHttpHeaders } from 'node:http';
import type { JwtFromRequestFunction, SecretOrKeyProvider, StrategyOptionsWithoutRequest } from 'passport-jwt';
import { AUDIENCE, ISSUER, type TokenType } from '../domain/token-format';
import type { SigningKeys } from './signing-keys';

/** All that a strategy sees of a request. */
export type RequestHeaders = { readonly headers: IncomingHttpHeaders };

const SCHEME = /^bearer /i;
/** Three parts in base64url and nothing around them: no padding, no line end, no second spelling of the same token. */
const COMPACT_JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Options of passport-jwt for one type of token, which stands behind `prefix`. */
export function bearerOf(type: TokenType, prefix: string, keys: SigningKeys): StrategyOptionsWithoutRequest {
  return {
    algorithms: ['ES256'],
    issuer: ISSUER,
    audience: AUDIENCE,
    jwtFromRequest: jwtBehind(prefix),
    secretOrKeyProvider: keyFor(type, keys),
  };
}

/** From the `Authorization` header: never from the query, a body or a cookie. */
export function jwtBehind(prefix: string): JwtFromRequestFunction<RequestHeaders> {
  return ({ headers: { authorization = '' } }) => {
    const token = authorization.replace(SCHEME, '');
    const jwt = token.slice(prefix.length);
    return token !== authorization && token.startsWith(prefix) && COMPACT_JWT.test(jwt) ? jwt : null;
  };
}

/** A `KeyObject`, not a string: jsonwebtoken would parse a string anew for each token, in half a millisecond. */
function keyFor(type: TokenType, keys: SigningKeys): SecretOrKeyProvider {
  return (_request, jwt: string, done) => {
    const key = keys.keyOf(jwt, type);
    if (key) done(null, key as unknown as Buffer);
    else done(new Error('unknown type or key'));
  };
}
