/** Receivers: where the messages of an application go. */
export { EndpointsModule } from './endpoints.module';
export {
  type DisableReason,
  EndpointCreated,
  EndpointDeleted,
  EndpointDisabled,
  EndpointSecretRotated,
  EndpointUpdated,
} from './endpoints.events';
export { DisableEndpoint } from './commands/disable-endpoint';
export { compileFilter, type ContentTest, parsedPayload } from './content-filter';
export { isSensitiveHeader } from './sensitive-headers';
export { type ChallengeTarget, GetChallengeTarget } from './queries/get-challenge-target';
export { VerifyEndpoint } from './commands/verify-endpoint';
export { EndpointWrite } from './endpoints.permissions';
export { ResolveEndpoint } from './queries/resolve-endpoint';
