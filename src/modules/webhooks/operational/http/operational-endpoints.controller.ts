import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../../platform/http/access';
import { pageQuery, type PageRequest } from '../../../../platform/http/list-page';
import { OrganizationId } from '../../../../platform/http/principal';
import { OPERATIONAL, OpenOperationalApplication } from '../../applications';
import {
  ChangeEndpoint,
  CreateEndpoint,
  DeleteEndpoint,
  EndpointOut,
  GetEndpoint,
  ListEndpoints,
  ListOfEndpoints,
  PutEndpoint,
} from '../../endpoints';
import { OperationalWebhookRead, OperationalWebhookWrite } from '../operational.permissions';
import { OperationalEndpointIn, OperationalEndpointPatch, OperationalEndpointUpdate } from './operational-endpoint.schemas';

/** Where an organization is told of what happens to its own endpoints and messages. */
@ApiTags('Operational webhook')
@Controller('operational-webhook/endpoint')
export class OperationalEndpointsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Access(OperationalWebhookRead)
  @ApiOperation({ operationId: 'listOperationalWebhooks', summary: 'List the operational webhooks of the organization' })
  @ApiResponse({ status: 200, standardSchema: ListOfEndpoints })
  list(@OrganizationId() organizationId: string, @Query({ schema: pageQuery('descending') }) page: PageRequest) {
    return this.queries.execute(new ListEndpoints(organizationId, OPERATIONAL, page));
  }

  @Post()
  @Access(OperationalWebhookWrite)
  @ApiOperation({ operationId: 'createOperationalWebhook', summary: 'Create an operational webhook' })
  @ApiResponse({ status: 201, standardSchema: EndpointOut })
  async create(
    @OrganizationId() organizationId: string,
    @Body({ schema: OperationalEndpointIn }) { settings, extras }: OperationalEndpointIn,
  ) {
    await this.commands.execute(new OpenOperationalApplication(organizationId));
    return this.show(organizationId, await this.commands.execute(new CreateEndpoint(organizationId, OPERATIONAL, settings, extras)));
  }

  @Get(':endpoint_id')
  @Access(OperationalWebhookRead)
  @ApiOperation({ operationId: 'getOperationalWebhook', summary: 'Get an operational webhook' })
  @ApiResponse({ status: 200, standardSchema: EndpointOut })
  get(@OrganizationId() organizationId: string, @Param('endpoint_id') endpoint: string) {
    return this.queries.execute(new GetEndpoint(organizationId, OPERATIONAL, endpoint));
  }

  @Put(':endpoint_id')
  @Access(OperationalWebhookWrite)
  @ApiOperation({ operationId: 'upsertOperationalWebhook', summary: 'Replace an operational webhook, or create it' })
  @ApiResponse({ status: 200, standardSchema: EndpointOut })
  @ApiResponse({ status: 201, standardSchema: EndpointOut })
  async put(
    @OrganizationId() organizationId: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: OperationalEndpointUpdate }) body: OperationalEndpointUpdate,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.commands.execute(new OpenOperationalApplication(organizationId));
    const put = new PutEndpoint({ organizationId, application: OPERATIONAL, endpoint }, body);
    return this.show(organizationId, await this.commands.execute(put), reply);
  }

  @Patch(':endpoint_id')
  @Access(OperationalWebhookWrite)
  @ApiOperation({ operationId: 'patchOperationalWebhook', summary: 'Change some settings of an operational webhook' })
  @ApiResponse({ status: 200, standardSchema: EndpointOut })
  async patch(
    @OrganizationId() organizationId: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: OperationalEndpointPatch }) changes: OperationalEndpointPatch,
  ) {
    const change = new ChangeEndpoint({ organizationId, application: OPERATIONAL, endpoint }, changes, null);
    return this.show(organizationId, await this.commands.execute(change));
  }

  @Delete(':endpoint_id')
  @Access(OperationalWebhookWrite)
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteOperationalWebhook', summary: 'Delete an operational webhook' })
  @ApiResponse({ status: 204 })
  delete(@OrganizationId() organizationId: string, @Param('endpoint_id') endpoint: string) {
    return this.commands.execute(new DeleteEndpoint({ organizationId, application: OPERATIONAL, endpoint }));
  }

  private show(organizationId: string, { id, created }: { id: string; created?: boolean }, reply?: FastifyReply) {
    if (created !== undefined) void reply?.status(created ? 201 : 200);
    return this.queries.execute(new GetEndpoint(organizationId, OPERATIONAL, id));
  }
}
