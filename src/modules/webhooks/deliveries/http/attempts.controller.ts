import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../../platform/http/access';
import type { ListPage } from '../../../../platform/http/list-page';
import { OrganizationId } from '../../../../platform/http/principal';
import { AttemptRead } from '../deliveries.permissions';
import { ResolveApplication } from '../../applications';
import { ResolveEndpoint } from '../../endpoints';
import { GetMessage, MessageWrite } from '../../messages';
import { ExpungeAttempt } from '../commands/expunge-attempt';
import type { AttemptView } from '../queries/attempt-row';
import { GetAttempt } from '../queries/get-attempt';
import { ListAttempts, type ListedAttempt } from '../queries/list-attempts';
import { AttemptOut, AttemptsQuery, ListOfAttempts } from './attempt.schemas';

type Of = ListAttempts['of'];

@ApiTags('Attempt')
@Controller('app/:app_id')
export class AttemptsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('attempt/endpoint/:endpoint_id')
  @Access(AttemptRead)
  @ApiOperation({ operationId: 'listAttemptsByEndpoint', summary: 'List the attempts at an endpoint, newest first' })
  @ApiResponse({ status: 200, standardSchema: ListOfAttempts })
  async listByEndpoint(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Query({ schema: AttemptsQuery }) query: AttemptsQuery,
  ): Promise<ListPage<ListedAttempt>> {
    const { id: endpointId } = await this.queries.execute(new ResolveEndpoint(organizationId, application, endpoint));
    return this.list(organizationId, { endpointId }, query);
  }

  @Get('attempt/msg/:msg_id')
  @Access(AttemptRead)
  @ApiOperation({ operationId: 'listAttemptsByMessage', summary: 'List the attempts of a message, newest first' })
  @ApiResponse({ status: 200, standardSchema: ListOfAttempts })
  async listByMessage(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('msg_id') message: string,
    @Query({ schema: AttemptsQuery }) { endpoint_id: endpoint, ...query }: AttemptsQuery,
  ): Promise<ListPage<ListedAttempt>> {
    const messageId = await this.messageId(organizationId, application, message);
    const endpointId =
      endpoint === undefined ? undefined : (await this.queries.execute(new ResolveEndpoint(organizationId, application, endpoint))).id;
    return this.list(organizationId, { messageId }, { ...query, endpoint_id: endpointId });
  }

  @Get('msg/:msg_id/attempt')
  @Access(AttemptRead)
  @ApiOperation({ operationId: 'listAttempts', summary: 'Former path of `attempt/msg/{msg_id}`', deprecated: true })
  @ApiResponse({ status: 200, standardSchema: ListOfAttempts })
  listFormerly(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('msg_id') message: string,
    @Query({ schema: AttemptsQuery }) query: AttemptsQuery,
  ): Promise<ListPage<ListedAttempt>> {
    return this.listByMessage(organizationId, application, message, query);
  }

  @Get('msg/:msg_id/endpoint/:endpoint_id/attempt')
  @Access(AttemptRead)
  @ApiOperation({ operationId: 'listAttemptsOfDelivery', summary: 'List the attempts to bring a message to an endpoint, newest first' })
  @ApiResponse({ status: 200, standardSchema: ListOfAttempts })
  listOfDelivery(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('msg_id') message: string,
    @Param('endpoint_id') endpoint: string,
    @Query({ schema: AttemptsQuery }) query: AttemptsQuery,
  ): Promise<ListPage<ListedAttempt>> {
    return this.listByMessage(organizationId, application, message, { ...query, endpoint_id: endpoint });
  }

  @Get('msg/:msg_id/attempt/:attempt_id')
  @Access(AttemptRead)
  @ApiOperation({ operationId: 'getAttempt', summary: 'Get an attempt' })
  @ApiResponse({ status: 200, standardSchema: AttemptOut })
  async get(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('msg_id') message: string,
    @Param('attempt_id') attempt: string,
  ): Promise<AttemptView> {
    const messageId = await this.messageId(organizationId, application, message);
    return this.queries.execute(new GetAttempt(organizationId, messageId, attempt));
  }

  @Delete('msg/:msg_id/attempt/:attempt_id/content')
  @HttpCode(204)
  @Access(MessageWrite)
  @ApiOperation({ operationId: 'expungeAttemptContent', summary: 'Delete for good what a receiver answered' })
  @ApiResponse({ status: 204, description: 'Its body and the headers of both sides are gone.' })
  async expunge(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('msg_id') message: string,
    @Param('attempt_id') attempt: string,
  ): Promise<void> {
    const messageId = await this.messageId(organizationId, application, message);
    await this.commands.execute(new ExpungeAttempt(organizationId, messageId, attempt));
  }

  private async messageId(organizationId: string, application: string, message: string): Promise<string> {
    const { id: applicationId } = await this.queries.execute(new ResolveApplication(organizationId, application));
    const { id } = await this.queries.execute(new GetMessage(organizationId, applicationId, message, false));
    return id;
  }

  private list(organizationId: string, of: Of, query: AttemptsQuery): Promise<ListPage<ListedAttempt>> {
    const {
      limit,
      iterator,
      with_content: withContent,
      with_msg: withMessage,
      status_code_class: statusCodeClass,
      event_types: eventTypes,
      endpoint_id: endpointId,
      ...filter
    } = query;
    const page = { limit, iterator, order: 'descending' } as const;
    return this.queries.execute(
      new ListAttempts(organizationId, of, { ...filter, statusCodeClass, eventTypes, endpointId }, page, { withContent, withMessage }),
    );
  }
}
