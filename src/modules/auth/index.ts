import { defineModule } from '../../platform/modules/feature-module';
import { AuthModule } from './auth.module';

/** Who is calling, and may they: sign-in, tokens, API keys, and the guard of every route. */
export const auth = defineModule({ name: 'auth', module: AuthModule });
export { ApiKeyGrantsModule } from './auth.module';
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
