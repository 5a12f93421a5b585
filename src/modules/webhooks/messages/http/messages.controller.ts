import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access } from '../../../../platform/http/access';
import { Caller, OrganizationId, type Principal } from '../../../../platform/http/principal';
import { ResolveApplication } from '../../applications';
import { CancelMessage } from '../commands/cancel-message';
import { CreateMessage } from '../commands/create-message';
import { CreateMessages } from '../commands/create-messages';
import { messageJson, messagePageJson } from '../message-json';
import { MessageOut } from '../message-out';
import { MessageRead, MessageWrite } from '../messages.permissions';
import { GetMessage } from '../queries/get-message';
import { ListMessages } from '../queries/list-messages';
import { PrecheckMessage } from '../queries/precheck-message';
import { acceptedJson, batchJson, eventOf, eventsOf } from './handed-in';
import {
  AcceptedMessageOut,
  ListOfMessages,
  MessageBatchIn,
  MessageBatchOut,
  MessageIn,
  MessagesQuery,
  PrecheckIn,
  PrecheckOut,
  WithContent,
} from './message.schemas';

const JSON_TYPE = 'application/json; charset=utf-8';

@ApiTags('Message')
@Controller('app/:app_id/msg')
export class MessagesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @Access(MessageWrite)
  @HttpCode(202)
  @Header('content-type', JSON_TYPE)
  @ApiOperation({ operationId: 'createMessage', summary: 'Hand in a message for delivery' })
  @ApiResponse({ status: 202, description: 'Stored; it will be delivered.', standardSchema: AcceptedMessageOut })
  async create(
    @Caller() caller: Principal,
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Query({ schema: WithContent }) { with_content: withContent }: WithContent,
    @Body({ schema: MessageIn }) message: MessageIn,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const event = eventOf(message, request.body, caller);
    return acceptedJson(event, await this.commands.execute(new CreateMessage(organizationId, application, event)), withContent);
  }

  @Post('batch')
  @Access(MessageWrite)
  @HttpCode(202)
  @Header('content-type', JSON_TYPE)
  @ApiOperation({ operationId: 'createMessages', summary: 'Hand in up to 500 messages at once' })
  @ApiResponse({ status: 202, description: 'Those with the status 202 are stored, in one commit.', standardSchema: MessageBatchOut })
  async createAll(
    @Caller() caller: Principal,
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Query({ schema: WithContent }) { with_content: withContent }: WithContent,
    @Body({ schema: MessageBatchIn }) _valid: unknown,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const events = eventsOf(request.body, caller);
    return batchJson(events, await this.commands.execute(new CreateMessages(organizationId, application, events)), withContent);
  }

  @Post('precheck/active')
  @Access(MessageWrite)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'precheckMessage',
    summary: 'Find out whether any endpoint would get such a message; filters, which ask for the payload, are not asked',
  })
  @ApiResponse({ status: 200, standardSchema: PrecheckOut })
  async precheck(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Body({ schema: PrecheckIn }) { eventType, channels = null }: PrecheckIn,
  ) {
    const { id } = await this.queries.execute(new ResolveApplication(organizationId, application));
    return this.queries.execute(new PrecheckMessage(id, eventType, channels));
  }

  @Get()
  @Access(MessageRead)
  @Header('content-type', JSON_TYPE)
  @ApiOperation({ operationId: 'listMessages', summary: 'List messages, newest first' })
  @ApiResponse({ status: 200, standardSchema: ListOfMessages })
  async list(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Query({ schema: MessagesQuery }) query: MessagesQuery,
  ): Promise<string> {
    const { id } = await this.queries.execute(new ResolveApplication(organizationId, application));
    const { limit, iterator, with_content: withContent, event_types: eventTypes, ...filter } = query;
    const page = { limit, iterator, order: 'descending' } as const;
    return messagePageJson(await this.queries.execute(new ListMessages(organizationId, id, { ...filter, eventTypes }, page, withContent)));
  }

  @Get(':msg_id')
  @Access(MessageRead)
  @Header('content-type', JSON_TYPE)
  @ApiOperation({ operationId: 'getMessage', summary: 'Get a message by its id or event id' })
  @ApiResponse({ status: 200, standardSchema: MessageOut })
  async get(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('msg_id') message: string,
    @Query({ schema: WithContent }) { with_content: withContent }: WithContent,
  ): Promise<string> {
    const { id } = await this.queries.execute(new ResolveApplication(organizationId, application));
    return messageJson(await this.queries.execute(new GetMessage(organizationId, id, message, withContent)));
  }

  @Delete(':msg_id')
  @Access(MessageWrite)
  @HttpCode(204)
  @ApiOperation({ operationId: 'cancelMessage', summary: 'Cancel a message that waits for its time' })
  @ApiResponse({ status: 204, description: 'It will not be delivered.' })
  async cancel(@OrganizationId() organizationId: string, @Param('app_id') application: string, @Param('msg_id') message: string) {
    const { id: applicationId } = await this.queries.execute(new ResolveApplication(organizationId, application));
    const { id } = await this.queries.execute(new GetMessage(organizationId, applicationId, message, false));
    await this.commands.execute(new CancelMessage(organizationId, id));
  }
}
