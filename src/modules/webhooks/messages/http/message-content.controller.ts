import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../../platform/http/access';
import { OrganizationId } from '../../../../platform/http/principal';
import { RunningTaskOut } from '../../../tasks';
import { ResolveApplication } from '../../applications';
import { ExpungeMessages } from '../commands/expunge-messages';
import { StartPurge } from '../commands/start-purge';
import { MessageWrite } from '../messages.permissions';
import { GetMessage } from '../queries/get-message';
import { BulkExpungeIn, BulkExpungeOut } from './message.schemas';

/** Payloads that should not have been sent. */
@ApiTags('Message')
@Access(MessageWrite)
@Controller('app/:app_id/msg')
export class MessageContentController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Delete(':msg_id/content')
  @HttpCode(204)
  @ApiOperation({ operationId: 'expungeMessageContent', summary: 'Delete the payload of a message for good' })
  @ApiResponse({ status: 204, description: 'The payload is gone; what was not delivered yet will not be.' })
  async expunge(@OrganizationId() organizationId: string, @Param('app_id') application: string, @Param('msg_id') message: string) {
    const { id: applicationId } = await this.queries.execute(new ResolveApplication(organizationId, application));
    const { id } = await this.queries.execute(new GetMessage(organizationId, applicationId, message, false));
    await this.commands.execute(new ExpungeMessages(organizationId, applicationId, [id]));
  }

  @Post('bulk-expunge')
  @HttpCode(200)
  @ApiOperation({ operationId: 'expungeMessageContents', summary: 'Delete the payloads of several messages for good' })
  @ApiResponse({ status: 200, standardSchema: BulkExpungeOut })
  async expungeAll(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Body({ schema: BulkExpungeIn }) { ids }: BulkExpungeIn,
  ) {
    const { id } = await this.queries.execute(new ResolveApplication(organizationId, application));
    return { results: await this.commands.execute(new ExpungeMessages(organizationId, id, ids)) };
  }

  @Post('expunge-all-contents')
  @HttpCode(202)
  @ApiOperation({ operationId: 'expungeAllMessageContents', summary: 'Delete the payloads of all messages of an application for good' })
  @ApiResponse({ status: 202, description: 'A background task does it.', standardSchema: RunningTaskOut })
  purge(@OrganizationId() organizationId: string, @Param('app_id') application: string) {
    return this.commands.execute(new StartPurge(organizationId, application));
  }
}
