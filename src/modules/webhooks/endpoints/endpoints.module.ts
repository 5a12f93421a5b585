import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CONFIG, type Config } from '../../../config/env';
import { AddressGuard } from '../../../platform/outbound/address-guard';
import { QuickJsTransformer } from '../../../platform/transformation/quickjs-transformer';
import { Transformer } from '../../../platform/transformation/transformer';
import { ChangeEndpointHandler } from './commands/change-endpoint';
import { ChangeEndpointHeadersHandler } from './commands/change-endpoint-headers';
import { ChangeTransformationHandler } from './commands/change-transformation';
import { CreateEndpointHandler } from './commands/create-endpoint';
import { DeleteEndpointHandler } from './commands/delete-endpoint';
import { DeleteEndpointsOfApplicationHandler } from './commands/delete-endpoints-of-application';
import { DisableEndpointHandler } from './commands/disable-endpoint';
import { EnableEndpointHandler } from './commands/enable-endpoint';
import { EndpointEditor } from './commands/endpoint-editor';
import { EndpointSettingsCheck } from './commands/endpoint-settings-check';
import { PutEndpointHandler } from './commands/put-endpoint';
import { RotateEndpointSecretHandler } from './commands/rotate-endpoint-secret';
import { SetEndpointHeadersHandler } from './commands/set-endpoint-headers';
import { VerifyEndpointHandler } from './commands/verify-endpoint';
import { Endpoint, EndpointRules } from './domain/endpoint';
import { EndpointRepository } from './domain/endpoint.repository';
import { EndpointMetrics, endpointMetricProviders } from './endpoint-metrics';
import { EndpointHeadersController } from './http/endpoint-headers.controller';
import { EndpointSecretController } from './http/endpoint-secret.controller';
import { EndpointTransformationController } from './http/endpoint-transformation.controller';
import { EndpointsController } from './http/endpoints.controller';
import { TypeOrmEndpointRepository } from './infra/typeorm-endpoint.repository';
import { DeleteEndpointsObserver } from './processors/delete-endpoints.observer';
import { GetEndpointTargetHandler } from './queries/get-endpoint-target';
import { GetEndpointHandler } from './queries/get-endpoint';
import { GetEndpointHeadersHandler } from './queries/get-endpoint-headers';
import { GetEndpointSecretHandler } from './queries/get-endpoint-secret';
import { GetTransformationHandler } from './queries/get-transformation';
import { ListEndpointsHandler } from './queries/list-endpoints';
import { ResolveEndpointHandler } from './queries/resolve-endpoint';

const commands = [
  CreateEndpointHandler,
  PutEndpointHandler,
  ChangeEndpointHandler,
  DeleteEndpointHandler,
  RotateEndpointSecretHandler,
  SetEndpointHeadersHandler,
  ChangeEndpointHeadersHandler,
  ChangeTransformationHandler,
  DisableEndpointHandler,
  EnableEndpointHandler,
  VerifyEndpointHandler,
  DeleteEndpointsOfApplicationHandler,
];
const queries = [
  GetEndpointTargetHandler,
  GetEndpointHandler,
  ListEndpointsHandler,
  GetEndpointSecretHandler,
  GetEndpointHeadersHandler,
  GetTransformationHandler,
  ResolveEndpointHandler,
];
const services = [
  EndpointMetrics,
  ...endpointMetricProviders,
  EndpointEditor,
  EndpointSettingsCheck,
  { provide: EndpointRules, inject: [CONFIG], useFactory: ({ endpoints }: Config) => new EndpointRules(endpoints.mustBeVerified) },
  { provide: EndpointRepository, useClass: TypeOrmEndpointRepository },
  { provide: Transformer, useClass: QuickJsTransformer },
  { provide: AddressGuard, inject: [CONFIG], useFactory: ({ delivery }: Config) => new AddressGuard(delivery.allowedCidrs) },
];

@Module({
  imports: [TypeOrmModule.forFeature([Endpoint])],
  controllers: [EndpointsController, EndpointSecretController, EndpointHeadersController, EndpointTransformationController],
  providers: [...commands, ...queries, ...services, DeleteEndpointsObserver],
  exports: [AddressGuard, Transformer],
})
export class EndpointsModule {}
