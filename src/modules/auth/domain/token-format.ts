import { z } from 'zod';

export const ISSUER = 'posthorn';
export const AUDIENCE = 'posthorn-api';

/** `typ` of the header: a token of one kind is never taken for another. */
export const ACCESS_TOKEN = 'at+jwt';
export const API_KEY = 'ak+jwt';
export type TokenType = typeof ACCESS_TOKEN | typeof API_KEY;

export const AccessTokenClaims = z.object({ sub: z.string(), sid: z.string(), exp: z.number() });

export type Environment = 'live' | 'test';
export const ApiKeyClaims = z.object({ jti: z.string(), env: z.enum(['live', 'test']) });

/** By which scanners recognise a key that leaked. */
export function apiKeyPrefix(environment: Environment): string {
  return `ph_${environment}_`;
}
