import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../../platform/http/access';
import { OrganizationId, VisibleFlags } from '../../../../platform/http/principal';
import { EventTypeRead, EventTypeWrite } from '../event-types.permissions';
import { ChangeEventType } from '../commands/change-event-type';
import { CreateEventType } from '../commands/create-event-type';
import { DeleteEventType } from '../commands/delete-event-type';
import { PutEventType } from '../commands/put-event-type';
import { GetEventType } from '../queries/get-event-type';
import { ListEventTypes } from '../queries/list-event-types';
import {
  DeleteEventTypeQuery,
  EventTypeIn,
  EventTypeOut,
  EventTypePatch,
  EventTypeUpdate,
  ListEventTypesQuery,
  ListOfEventTypes,
} from './event-type.schemas';

@ApiTags('Event type')
@Controller('event-type')
export class EventTypesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Access(EventTypeRead)
  @ApiOperation({ operationId: 'listEventTypes', summary: 'List event types by name' })
  @ApiResponse({ status: 200, standardSchema: ListOfEventTypes })
  list(
    @OrganizationId() organizationId: string,
    @VisibleFlags() featureFlags: readonly string[] | null,
    @Query({ schema: ListEventTypesQuery }) query: ListEventTypesQuery,
  ) {
    const { include_archived: includeArchived, with_content: withSchemas, ...page } = query;
    return this.queries.execute(new ListEventTypes(organizationId, page, { includeArchived, withSchemas, featureFlags }));
  }

  @Post()
  @Access(EventTypeWrite)
  @ApiOperation({ operationId: 'createEventType', summary: 'Create an event type, or revive an archived one' })
  @ApiResponse({ status: 201, standardSchema: EventTypeOut })
  async create(@OrganizationId() organizationId: string, @Body({ schema: EventTypeIn }) { name, settings }: EventTypeIn) {
    return this.show(organizationId, await this.commands.execute(new CreateEventType(organizationId, name, settings)));
  }

  @Get(':event_type_name')
  @Access(EventTypeRead)
  @ApiOperation({ operationId: 'getEventType', summary: 'Get an event type' })
  @ApiResponse({ status: 200, standardSchema: EventTypeOut })
  get(
    @OrganizationId() organizationId: string,
    @VisibleFlags() featureFlags: readonly string[] | null,
    @Param('event_type_name') name: string,
  ) {
    return this.queries.execute(new GetEventType(organizationId, name, featureFlags));
  }

  @Put(':event_type_name')
  @Access(EventTypeWrite)
  @ApiOperation({ operationId: 'upsertEventType', summary: 'Replace an event type, or create it' })
  @ApiResponse({ status: 200, standardSchema: EventTypeOut })
  @ApiResponse({ status: 201, standardSchema: EventTypeOut })
  async put(
    @OrganizationId() organizationId: string,
    @Param('event_type_name') name: string,
    @Body({ schema: EventTypeUpdate }) body: EventTypeUpdate,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.show(organizationId, await this.commands.execute(new PutEventType(organizationId, name, body)), reply);
  }

  @Patch(':event_type_name')
  @Access(EventTypeWrite)
  @ApiOperation({ operationId: 'patchEventType', summary: 'Change some settings of an event type' })
  @ApiResponse({ status: 200, standardSchema: EventTypeOut })
  async patch(
    @OrganizationId() organizationId: string,
    @Param('event_type_name') name: string,
    @Body({ schema: EventTypePatch }) body: EventTypePatch,
  ) {
    return this.show(organizationId, await this.commands.execute(new ChangeEventType(organizationId, name, body)));
  }

  @Delete(':event_type_name')
  @Access(EventTypeWrite)
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteEventType', summary: 'Archive an event type, or remove it for good' })
  @ApiResponse({ status: 204 })
  delete(
    @OrganizationId() organizationId: string,
    @Param('event_type_name') name: string,
    @Query({ schema: DeleteEventTypeQuery }) { expunge }: DeleteEventTypeQuery,
  ) {
    return this.commands.execute(new DeleteEventType(organizationId, name, expunge));
  }

  private show(organizationId: string, { name, created }: { name: string; created?: boolean }, reply?: FastifyReply) {
    if (created !== undefined) void reply?.status(created ? 201 : 200);
    return this.queries.execute(new GetEventType(organizationId, name));
  }
}
