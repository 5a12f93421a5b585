import { Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../../platform/http/access';
import { EmptyOut } from '../../../../platform/http/fields';
import { type ListPage, pageQuery, type PageRequest } from '../../../../platform/http/list-page';
import { OrganizationId } from '../../../../platform/http/principal';
import { ResolveApplication } from '../../applications';
import { ResolveEndpoint } from '../../endpoints';
import { GetMessage, messagePageJson } from '../../messages';
import { ResendMessage } from '../commands/resend-message';
import { AttemptRead, MessageResend } from '../deliveries.permissions';
import { type ExplainedView, ExplainMessage } from '../queries/explain-message';
import { type EndpointStats, GetEndpointStats } from '../queries/get-endpoint-stats';
import { ListEndpointMessages } from '../queries/list-endpoint-messages';
import { ListMessageEndpoints, type MessageEndpointView } from '../queries/list-message-endpoints';
import {
  EndpointMessagesQuery,
  EndpointStatsOut,
  ListOfEndpointMessages,
  ListOfExplanations,
  ListOfMessageEndpoints,
  MessageEndpointsQuery,
  StatsQuery,
} from './delivery.schemas';

/** What became of messages at endpoints. */
@ApiTags('Attempt')
@Controller('app/:app_id')
export class DeliveriesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('endpoint/:endpoint_id/msg')
  @Access(AttemptRead)
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOperation({ operationId: 'listEndpointMessages', summary: 'List the messages that went to an endpoint, newest first' })
  @ApiResponse({ status: 200, standardSchema: ListOfEndpointMessages })
  async messagesOfEndpoint(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Query({ schema: EndpointMessagesQuery }) query: EndpointMessagesQuery,
  ): Promise<string> {
    const { id } = await this.queries.execute(new ResolveEndpoint(organizationId, application, endpoint));
    const { limit, iterator, event_types: eventTypes, with_content: withContent, expanded_statuses: expandedStatuses, ...filter } = query;
    const page = { limit, iterator, order: 'descending' } as const;
    const list = new ListEndpointMessages(organizationId, id, { ...filter, eventTypes }, page, { withContent, expandedStatuses });
    return messagePageJson(await this.queries.execute(list));
  }

  @Get('msg/:msg_id/endpoint')
  @Access(AttemptRead)
  @ApiOperation({ operationId: 'listMessageEndpoints', summary: 'List the endpoints that a message went to' })
  @ApiResponse({ status: 200, standardSchema: ListOfMessageEndpoints })
  async endpointsOfMessage(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('msg_id') message: string,
    @Query({ schema: MessageEndpointsQuery }) { limit, iterator, expanded_statuses: expanded }: MessageEndpointsQuery,
  ): Promise<ListPage<MessageEndpointView>> {
    const { messageId } = await this.message(organizationId, application, message);
    const page = { limit, iterator, order: 'ascending' } as const;
    return this.queries.execute(new ListMessageEndpoints(organizationId, messageId, page, expanded));
  }

  @Get('msg/:msg_id/explain')
  @Access(AttemptRead)
  @ApiOperation({
    operationId: 'explainMessage',
    summary: 'Find out why each endpoint got a message or did not',
    description:
      'What became of a delivery is a fact. Where there is none, the settings of today are asked what stands in the way; `changedSince` says that they may not be those that decided.',
  })
  @ApiResponse({ status: 200, standardSchema: ListOfExplanations })
  async explain(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('msg_id') message: string,
    @Query({ schema: pageQuery('descending') }) page: PageRequest,
  ): Promise<ListPage<ExplainedView>> {
    const { messageId, applicationId } = await this.message(organizationId, application, message);
    return this.queries.execute(new ExplainMessage(organizationId, applicationId, messageId, page));
  }

  @Get('endpoint/:endpoint_id/stats')
  @Access(AttemptRead)
  @ApiOperation({ operationId: 'getEndpointStats', summary: 'Count what went to an endpoint, by outcome' })
  @ApiResponse({ status: 200, standardSchema: EndpointStatsOut })
  async stats(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Query({ schema: StatsQuery }) { since, until }: StatsQuery,
  ): Promise<EndpointStats> {
    const { id } = await this.queries.execute(new ResolveEndpoint(organizationId, application, endpoint));
    return this.queries.execute(new GetEndpointStats(organizationId, id, since, until));
  }

  @Post('msg/:msg_id/endpoint/:endpoint_id/resend')
  @Access(MessageResend)
  @HttpCode(202)
  @ApiOperation({ operationId: 'resendMessage', summary: 'Send a message to an endpoint again' })
  @ApiResponse({ status: 202, description: 'It is due now, unless the endpoint is disabled.', standardSchema: EmptyOut })
  async resend(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('msg_id') message: string,
    @Param('endpoint_id') endpoint: string,
  ): Promise<object> {
    const { id: endpointId } = await this.queries.execute(new ResolveEndpoint(organizationId, application, endpoint));
    const { messageId, applicationId } = await this.message(organizationId, application, message);
    await this.commands.execute(new ResendMessage(organizationId, applicationId, messageId, endpointId));
    return {};
  }

  private async message(organizationId: string, application: string, message: string) {
    const { id: applicationId } = await this.queries.execute(new ResolveApplication(organizationId, application));
    const { id: messageId } = await this.queries.execute(new GetMessage(organizationId, applicationId, message, false));
    return { messageId, applicationId };
  }
}
