/** Receivers: where the messages of an application go. */
export { EndpointsModule } from './endpoints.module';
export {
  type DisableReason,
  EndpointCreated,
  EndpointDeleted,
  EndpointDisabled,
  EndpointEnabled,
  EndpointFailing,
  EndpointSecretRotated,
  EndpointUpdated,
} from './endpoints.events';
export { DisableEndpoint } from './commands/disable-endpoint';
export { compileFilter, type ContentTest, parsedPayload } from './content-filter';
export { EndpointOut } from './endpoint-out';
export { EndpointWrite } from './endpoints.permissions';
export { EnableEndpoint } from './commands/enable-endpoint';
export { VerifyEndpoint } from './commands/verify-endpoint';
export { MAX_TIMEOUT_MS } from './max-timeout';
export { isSensitiveHeader } from './sensitive-headers';
export { type ChallengeTarget, GetChallengeTarget } from './queries/get-challenge-target';
export { GetEndpoint } from './queries/get-endpoint';
export { ResolveEndpoint } from './queries/resolve-endpoint';
