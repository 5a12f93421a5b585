import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../../platform/http/access';
import { pageQuery, type PageRequest } from '../../../../platform/http/list-page';
import { OrganizationId, VisibleFlags } from '../../../../platform/http/principal';
import { EndpointOut } from '../endpoint-out';
import { EndpointRead, EndpointWrite } from '../endpoints.permissions';
import { ChangeEndpoint } from '../commands/change-endpoint';
import { CreateEndpoint } from '../commands/create-endpoint';
import { DeleteEndpoint } from '../commands/delete-endpoint';
import { PutEndpoint } from '../commands/put-endpoint';
import { GetEndpoint } from '../queries/get-endpoint';
import { ListEndpoints } from '../queries/list-endpoints';
import { EndpointIn, EndpointPatch, EndpointUpdate, ListOfEndpoints } from '../endpoint.schemas';

@ApiTags('Endpoint')
@Controller('app/:app_id/endpoint')
export class EndpointsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Access(EndpointRead)
  @ApiOperation({ operationId: 'listEndpoints', summary: 'List the endpoints of an application' })
  @ApiResponse({ status: 200, standardSchema: ListOfEndpoints })
  list(
    @OrganizationId() organizationId: string,
    @Param('app_id') app: string,
    @Query({ schema: pageQuery('descending') }) page: PageRequest,
  ) {
    return this.queries.execute(new ListEndpoints(organizationId, app, page));
  }

  @Post()
  @Access(EndpointWrite)
  @ApiOperation({ operationId: 'createEndpoint', summary: 'Create an endpoint' })
  @ApiResponse({ status: 201, standardSchema: EndpointOut })
  async create(
    @OrganizationId() organizationId: string,
    @Param('app_id') app: string,
    @VisibleFlags() featureFlags: readonly string[] | null,
    @Body({ schema: EndpointIn }) { settings, extras }: EndpointIn,
  ) {
    const command = new CreateEndpoint(organizationId, app, settings, extras, featureFlags);
    return this.show(organizationId, app, await this.commands.execute(command));
  }

  @Get(':endpoint_id')
  @Access(EndpointRead)
  @ApiOperation({ operationId: 'getEndpoint', summary: 'Get an endpoint' })
  @ApiResponse({ status: 200, standardSchema: EndpointOut })
  get(@OrganizationId() organizationId: string, @Param('app_id') app: string, @Param('endpoint_id') endpoint: string) {
    return this.queries.execute(new GetEndpoint(organizationId, app, endpoint));
  }

  @Put(':endpoint_id')
  @Access(EndpointWrite)
  @ApiOperation({ operationId: 'upsertEndpoint', summary: 'Replace an endpoint, or create it' })
  @ApiResponse({ status: 200, standardSchema: EndpointOut })
  @ApiResponse({ status: 201, standardSchema: EndpointOut })
  async put(
    @OrganizationId() organizationId: string,
    @Param('app_id') app: string,
    @Param('endpoint_id') endpoint: string,
    @VisibleFlags() featureFlags: readonly string[] | null,
    @Body({ schema: EndpointUpdate }) body: EndpointUpdate,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const path = { organizationId, application: app, endpoint };
    return this.show(organizationId, app, await this.commands.execute(new PutEndpoint(path, body, featureFlags)), reply);
  }

  @Patch(':endpoint_id')
  @Access(EndpointWrite)
  @ApiOperation({ operationId: 'patchEndpoint', summary: 'Change some settings of an endpoint' })
  @ApiResponse({ status: 200, standardSchema: EndpointOut })
  async patch(
    @OrganizationId() organizationId: string,
    @Param('app_id') app: string,
    @Param('endpoint_id') endpoint: string,
    @VisibleFlags() featureFlags: readonly string[] | null,
    @Body({ schema: EndpointPatch }) { changes, secret }: EndpointPatch,
  ) {
    const path = { organizationId, application: app, endpoint };
    return this.show(organizationId, app, await this.commands.execute(new ChangeEndpoint(path, changes, secret, featureFlags)));
  }

  @Delete(':endpoint_id')
  @Access(EndpointWrite)
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteEndpoint', summary: 'Delete an endpoint' })
  @ApiResponse({ status: 204 })
  delete(@OrganizationId() organizationId: string, @Param('app_id') application: string, @Param('endpoint_id') endpoint: string) {
    return this.commands.execute(new DeleteEndpoint({ organizationId, application, endpoint }));
  }

  private show(organizationId: string, app: string, { id, created }: { id: string; created?: boolean }, reply?: FastifyReply) {
    if (created !== undefined) void reply?.status(created ? 201 : 200);
    return this.queries.execute(new GetEndpoint(organizationId, app, id));
  }
}
