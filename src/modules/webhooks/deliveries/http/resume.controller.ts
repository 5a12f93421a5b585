import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../../platform/http/access';
import { Caller, OrganizationId, type Principal } from '../../../../platform/http/principal';
import { EndpointWrite, GetEndpoint } from '../../endpoints';
import { ResumeEndpoint } from '../commands/resume-endpoint';
import { MessageResend } from '../deliveries.permissions';
import { EnabledOut, EnableIn } from './replay.schemas';

@ApiTags('Endpoint')
@Controller('app/:app_id/endpoint/:endpoint_id/enable')
export class ResumeController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @Access(EndpointWrite)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'enableEndpoint',
    summary: 'Enable an endpoint again, and send what it missed',
    description: 'Sending what it missed needs the permission `message.resend` as well.',
  })
  @ApiResponse({ status: 200, standardSchema: EnabledOut })
  async enable(
    @Caller() { scopes }: Principal,
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: EnableIn }) { recoverSince }: EnableIn,
  ) {
    const permitted = scopes === null || scopes.includes(MessageResend.name);
    const recovery = recoverSince ? { since: recoverSince, permitted } : null;
    const { id, task } = await this.commands.execute(new ResumeEndpoint(organizationId, application, endpoint, recovery));
    return { endpoint: await this.queries.execute(new GetEndpoint(organizationId, application, id)), task };
  }
}
