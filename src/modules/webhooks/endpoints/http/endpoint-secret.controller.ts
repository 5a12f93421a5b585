import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../../platform/http/access';
import { OrganizationId } from '../../../../platform/http/principal';
import { EndpointSecretRead, EndpointSecretRotate } from '../endpoints.permissions';
import { RotateEndpointSecret } from '../commands/rotate-endpoint-secret';
import { GetEndpointSecret } from '../queries/get-endpoint-secret';
import { RotateIn, SecretOut } from '../endpoint.schemas';

@ApiTags('Endpoint')
@Controller('app/:app_id/endpoint/:endpoint_id/secret')
export class EndpointSecretController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Access(EndpointSecretRead)
  @ApiOperation({ operationId: 'getEndpointSecret', summary: 'Get the key by which a receiver verifies' })
  @ApiResponse({ status: 200, standardSchema: SecretOut })
  get(@OrganizationId() organizationId: string, @Param('app_id') app: string, @Param('endpoint_id') endpoint: string) {
    return this.queries.execute(new GetEndpointSecret(organizationId, app, endpoint));
  }

  @Post('rotate')
  @Access(EndpointSecretRotate)
  @HttpCode(204)
  @ApiOperation({ operationId: 'rotateEndpointSecret', summary: 'Sign with a new key, and for a while with the old one as well' })
  @ApiResponse({ status: 204 })
  rotate(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: RotateIn }) { key = null, gracePeriodSeconds }: RotateIn,
  ) {
    return this.commands.execute(new RotateEndpointSecret({ organizationId, application, endpoint }, key, gracePeriodSeconds));
  }
}
