import { z } from 'zod';

export const ISSUER = 'posthorn';
export const AUDIENCE = 'posthorn-api';

/** `typ` of the header: a token of one kind is never taken for another. */
export const ACCESS_TOKEN = 'at+jwt';
export const API_KEY = 'ak+jwt';
export const PORTAL_TOKEN = 'pt+jwt';
export type TokenType = typeof ACCESS_TOKEN | typeof API_KEY | typeof PORTAL_TOKEN;

export const AccessTokenClaims = z.object({ sub: z.string(), sid: z.string(), exp: z.number() });

export const PortalTokenClaims = z.object({
  jti: z.string(),
  org: z.string(),
  app: z.string(),
  /** The session of the caller's own that it was made for. */
  ses: z.string().optional(),
  capabilities: z.array(z.string()),
  flags: z.array(z.string()),
  exp: z.number(),
});
export type PortalTokenClaims = z.output<typeof PortalTokenClaims>;

export type Environment = 'live' | 'test';
export const ApiKeyClaims = z.object({ jti: z.string(), env: z.enum(['live', 'test']) });

/** By which scanners recognise a key that leaked. */
export function apiKeyPrefix(environment: Environment): string {
  return `ph_${environment}_`;
}
