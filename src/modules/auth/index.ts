/** Who is calling, and may they: sign-in, tokens, API keys, and the guard of every route. */
export { ApiKeyGrantsModule, AuthModule } from './auth.module';
export {
  ApiKeyCreated,
  ApiKeyRevoked,
  ApiKeyUpdated,
  PortalTokenIssued,
  PortalTokensExpired,
  SessionReuseDetected,
  SessionRevoked,
  SignedIn,
} from './auth.events';
export { EndSessions } from './commands/end-sessions';
export { GetApiKeyGrant, type ApiKeyGrant } from './queries/get-api-key-grant';
