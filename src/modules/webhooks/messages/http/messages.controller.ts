import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access } from '../../../../platform/http/access';
import { bytesOf } from '../../../../platform/http/member-bytes';
import { OrganizationId } from '../../../../platform/http/principal';
import { MessageRead, MessageWrite } from '../messages.permissions';
import { ResolveApplication } from '../../applications';
import { CreateMessage } from '../commands/create-message';
import { messageJson, messagePageJson } from '../message-json';
import { GetMessage } from '../queries/get-message';
import { ListMessages } from '../queries/list-messages';
import { ListOfMessages, MessageIn, MessageOut, MessagesQuery, WithContent } from './message.schemas';

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
  @ApiResponse({ status: 202, description: 'Stored; it will be delivered.', standardSchema: MessageOut })
  async create(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Query({ schema: WithContent }) { with_content: withContent }: WithContent,
    @Body({ schema: MessageIn }) { eventType, eventId = null, channels = null }: MessageIn,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const payload = payloadOf(request);
    const { id, acceptedAt } = await this.commands.execute(
      new CreateMessage(organizationId, application, { eventType, eventId, channels, payload }),
    );
    return messageJson({ id, eventId, eventType, channels, timestamp: acceptedAt, payload: withContent ? payload.toString() : '{}' });
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
}

/** The payload as it was written, not as it was parsed. */
function payloadOf({ body }: FastifyRequest): Buffer {
  const { members } = bytesOf(body);
  return members.get('payload') ?? members.get('data') ?? Buffer.alloc(0);
}
