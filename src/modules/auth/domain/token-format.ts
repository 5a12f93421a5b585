import { z } from 'zod';
import { IDENTIFIER } from '../../../platform/ids/reference';

export const ISSUER = 'posthorn';
export const AUDIENCE = 'posthorn-api';

/** `typ` of the header: a token of one kind is never taken for another. */
export const ACCESS_TOKEN = 'at+jwt';
export const API_KEY = 'ak+jwt';
export const PORTAL_TOKEN = 'pt+jwt';
export type TokenType = typeof ACCESS_TOKEN | typeof API_KEY | typeof PORTAL_TOKEN;

/** Nothing else reaches the database: an API key whose signing key is gone is looked up before anything of it is verified. */
const id = z.string().regex(IDENTIFIER);

export const AccessTokenClaims = z.object({ sub: id, sid: id, exp: z.number() });

export const PortalTokenClaims = z.object({
  jti: id,
  org: id,
  app: id,
  /** The session of the caller's own that it was made for. */
  ses: z.string().optional(),
  capabilities: z.array(z.string()),
  flags: z.array(z.string()),
  exp: z.number(),
});
export type PortalTokenClaims = z.output<typeof PortalTokenClaims>;

export type Environment = 'live' | 'test';
export const ApiKeyClaims = z.object({ jti: id, env: z.enum(['live', 'test']) });

/** By which scanners recognise a key that leaked. */
export function apiKeyPrefix(environment: Environment): string {
  return `ph_${environment}_`;
}
