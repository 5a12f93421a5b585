import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../../platform/http/access';
import { OrganizationId } from '../../../../platform/http/principal';
import { EndpointWrite } from '../../endpoints';
import { ChallengeEndpoint, type ChallengeResult } from '../commands/challenge-endpoint';
import { ChallengeOut } from '../challenge-out';

/** Beside the sender, because it makes a request like any other to a stranger. */
@ApiTags('Endpoint')
@Controller('app/:app_id/endpoint/:endpoint_id/challenge')
export class ChallengeController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Access(EndpointWrite)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'challengeEndpoint',
    summary: 'Let an endpoint show that it wants to be called',
    description:
      'Sends a signed POST with a random value in the header `webhook-challenge`. Within 5 seconds the receiver answers with success, and with the value in its body or in the header `webhook-challenge-response`. A queue answers by its broker, which lets the login in and confirms the message. That enables an endpoint which was disabled as `unverified`. A change of the URL takes `verifiedAt` away.',
  })
  @ApiResponse({ status: 200, standardSchema: ChallengeOut })
  challenge(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
  ): Promise<ChallengeResult> {
    return this.commands.execute(new ChallengeEndpoint(organizationId, application, endpoint));
  }
}
