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
export { ChangeEndpoint } from './commands/change-endpoint';
export { ChangeEndpointHeaders } from './commands/change-endpoint-headers';
export { CreateEndpoint } from './commands/create-endpoint';
export { DeleteEndpoint } from './commands/delete-endpoint';
export { DisableEndpoint } from './commands/disable-endpoint';
export { compileFilter, type ContentTest, parsedPayload } from './content-filter';
export { EndpointOut } from './endpoint-out';
export { EndpointTransform, EndpointWrite } from './endpoints.permissions';
export { EnableEndpoint } from './commands/enable-endpoint';
export { PutEndpoint } from './commands/put-endpoint';
export { RotateEndpointSecret } from './commands/rotate-endpoint-secret';
export { SetEndpointHeaders } from './commands/set-endpoint-headers';
export { VerifyEndpoint } from './commands/verify-endpoint';
export {
  choice,
  completeSettings,
  endpointExtras,
  endpointSettings,
  HeadersIn,
  HeadersOut,
  HeadersPatch,
  ListOfEndpoints,
  newEndpoint,
  RotateIn,
  SecretOut,
  withoutAliases,
} from './endpoint.schemas';
export { EXAMPLE_CODE, transformationCode, transformationVariables } from './transformation.schemas';
export { checkedTarget, type Method, METHODS, type Target } from './transformed-request';
export { shownHeader } from './sensitive-headers';
export { type StoredSecret, validKeys } from './stored-secret';
export { GetEndpointTarget } from './queries/get-endpoint-target';
export { GetEndpoint } from './queries/get-endpoint';
export { GetEndpointHeaders } from './queries/get-endpoint-headers';
export { GetEndpointSecret } from './queries/get-endpoint-secret';
export { GetTransformation } from './queries/get-transformation';
export { ListEndpoints } from './queries/list-endpoints';
export { ResolveEndpoint } from './queries/resolve-endpoint';
