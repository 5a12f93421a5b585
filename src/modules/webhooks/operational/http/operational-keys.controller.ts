import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../../platform/http/access';
import { OrganizationId } from '../../../../platform/http/principal';
import { OPERATIONAL } from '../../applications';
import { ChallengeEndpoint, ChallengeOut, type ChallengeResult } from '../../deliveries';
import {
  ChangeEndpointHeaders,
  GetEndpointHeaders,
  GetEndpointSecret,
  HeadersIn,
  HeadersOut,
  HeadersPatch,
  RotateEndpointSecret,
  RotateIn,
  SecretOut,
  SetEndpointHeaders,
} from '../../endpoints';
import { OperationalWebhookRead, OperationalWebhookSecretRead, OperationalWebhookWrite } from '../operational.permissions';

/** By what a receiver knows that it is us, and we that it is the right one: signing key, headers, challenge. */
@ApiTags('Operational webhook')
@Controller('operational-webhook/endpoint/:endpoint_id')
export class OperationalKeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('secret')
  @Access(OperationalWebhookSecretRead)
  @ApiOperation({ operationId: 'getOperationalWebhookSecret', summary: 'Get the key by which a receiver verifies' })
  @ApiResponse({ status: 200, standardSchema: SecretOut })
  secret(@OrganizationId() organizationId: string, @Param('endpoint_id') endpoint: string) {
    return this.queries.execute(new GetEndpointSecret(organizationId, OPERATIONAL, endpoint));
  }

  @Post('secret/rotate')
  @Access(OperationalWebhookWrite)
  @HttpCode(204)
  @ApiOperation({ operationId: 'rotateOperationalWebhookSecret', summary: 'Sign with a new key, and for a while with the old one as well' })
  @ApiResponse({ status: 204 })
  rotate(
    @OrganizationId() organizationId: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: RotateIn }) { key = null, gracePeriodSeconds }: RotateIn,
  ) {
    return this.commands.execute(new RotateEndpointSecret({ organizationId, application: OPERATIONAL, endpoint }, key, gracePeriodSeconds));
  }

  @Post('challenge')
  @Access(OperationalWebhookWrite)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'challengeOperationalWebhook',
    summary: 'Let an operational webhook show that it wants to be called',
    description: 'As `challengeEndpoint` does.',
  })
  @ApiResponse({ status: 200, standardSchema: ChallengeOut })
  challenge(@OrganizationId() organizationId: string, @Param('endpoint_id') endpoint: string): Promise<ChallengeResult> {
    return this.commands.execute(new ChallengeEndpoint(organizationId, OPERATIONAL, endpoint));
  }

  @Get('headers')
  @Access(OperationalWebhookRead)
  @ApiOperation({ operationId: 'getOperationalWebhookHeaders', summary: 'Get the headers that deliveries carry' })
  @ApiResponse({ status: 200, standardSchema: HeadersOut })
  headers(@OrganizationId() organizationId: string, @Param('endpoint_id') endpoint: string) {
    return this.queries.execute(new GetEndpointHeaders(organizationId, OPERATIONAL, endpoint));
  }

  @Put('headers')
  @Access(OperationalWebhookWrite)
  @HttpCode(204)
  @ApiOperation({ operationId: 'setOperationalWebhookHeaders', summary: 'Replace all headers' })
  @ApiResponse({ status: 204 })
  setHeaders(
    @OrganizationId() organizationId: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: HeadersIn }) { headers }: HeadersIn,
  ) {
    return this.commands.execute(new SetEndpointHeaders({ organizationId, application: OPERATIONAL, endpoint }, headers));
  }

  @Patch('headers')
  @Access(OperationalWebhookWrite)
  @HttpCode(204)
  @ApiOperation({ operationId: 'patchOperationalWebhookHeaders', summary: 'Set some headers, take some away' })
  @ApiResponse({ status: 204 })
  patchHeaders(
    @OrganizationId() organizationId: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: HeadersPatch }) changes: HeadersPatch,
  ) {
    return this.commands.execute(new ChangeEndpointHeaders({ organizationId, application: OPERATIONAL, endpoint }, changes));
  }
}
