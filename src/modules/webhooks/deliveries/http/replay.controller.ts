import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../../platform/http/access';
import { OrganizationId } from '../../../../platform/http/principal';
import type { RunningTask } from '../../../tasks';
import { StartReplay } from '../commands/start-replay';
import { MessageResend } from '../deliveries.permissions';
import { BulkReplayIn, ReplayIn, ReplayOut } from './replay.schemas';

const STARTED = { status: 202, description: 'A background task does it.', standardSchema: ReplayOut };

/** Many messages to one endpoint again. */
@ApiTags('Endpoint')
@Controller('app/:app_id/endpoint/:endpoint_id')
export class ReplayController {
  constructor(private readonly commands: CommandBus) {}

  @Post('recover')
  @Access(MessageResend)
  @HttpCode(202)
  @ApiOperation({ operationId: 'recoverEndpoint', summary: 'Send what failed again, of at most 14 days' })
  @ApiResponse(STARTED)
  recover(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: ReplayIn }) body: ReplayIn,
  ): Promise<RunningTask> {
    return this.commands.execute(new StartReplay('endpoint.recover', organizationId, application, endpoint, body));
  }

  @Post('replay-missing')
  @Access(MessageResend)
  @HttpCode(202)
  @ApiOperation({ operationId: 'replayMissing', summary: 'Send what the endpoint wants and was never sent' })
  @ApiResponse(STARTED)
  replayMissing(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: ReplayIn }) body: ReplayIn,
  ): Promise<RunningTask> {
    return this.commands.execute(new StartReplay('endpoint.replay', organizationId, application, endpoint, body));
  }

  @Post('bulk-replay')
  @Access(MessageResend)
  @HttpCode(202)
  @ApiOperation({ operationId: 'bulkReplay', summary: 'Send all that matches a filter again, whatever became of it' })
  @ApiResponse(STARTED)
  bulkReplay(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: BulkReplayIn }) body: BulkReplayIn,
  ): Promise<RunningTask> {
    return this.commands.execute(new StartReplay('endpoint.bulk-replay', organizationId, application, endpoint, body));
  }
}
