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
export { MAX_TIMEOUT_MS } from './max-timeout';
export { isSensitiveHeader } from './sensitive-headers';
export { ResolveEndpoint } from './queries/resolve-endpoint';
