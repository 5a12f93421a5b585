import { Body, Controller, Get, HttpCode, Param, Patch, Put } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../../platform/http/access';
import { OrganizationId } from '../../../../platform/http/principal';
import { EndpointRead, EndpointWrite } from '../endpoints.permissions';
import { ChangeEndpointHeaders } from '../commands/change-endpoint-headers';
import { SetEndpointHeaders } from '../commands/set-endpoint-headers';
import { GetEndpointHeaders } from '../queries/get-endpoint-headers';
import { HeadersIn, HeadersOut, HeadersPatch } from '../endpoint.schemas';

@ApiTags('Endpoint')
@Controller('app/:app_id/endpoint/:endpoint_id/headers')
export class EndpointHeadersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Access(EndpointRead)
  @ApiOperation({ operationId: 'getEndpointHeaders', summary: 'Get the headers that deliveries carry' })
  @ApiResponse({ status: 200, standardSchema: HeadersOut })
  get(@OrganizationId() organizationId: string, @Param('app_id') app: string, @Param('endpoint_id') endpoint: string) {
    return this.queries.execute(new GetEndpointHeaders(organizationId, app, endpoint));
  }

  @Put()
  @Access(EndpointWrite)
  @HttpCode(204)
  @ApiOperation({ operationId: 'setEndpointHeaders', summary: 'Replace all headers' })
  @ApiResponse({ status: 204 })
  set(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: HeadersIn }) { headers }: HeadersIn,
  ) {
    return this.commands.execute(new SetEndpointHeaders({ organizationId, application, endpoint }, headers));
  }

  @Patch()
  @Access(EndpointWrite)
  @HttpCode(204)
  @ApiOperation({ operationId: 'patchEndpointHeaders', summary: 'Set some headers, take some away' })
  @ApiResponse({ status: 204 })
  patch(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: HeadersPatch }) changes: HeadersPatch,
  ) {
    return this.commands.execute(new ChangeEndpointHeaders({ organizationId, application, endpoint }, changes));
  }
}
