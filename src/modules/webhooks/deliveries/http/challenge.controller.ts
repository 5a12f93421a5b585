import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../../platform/http/access';
import { OrganizationId } from '../../../../platform/http/principal';
import { EndpointWrite } from '../../endpoints';
import { ChallengeEndpoint, type ChallengeResult } from '../commands/challenge-endpoint';

const ChallengeOut = z
  .object({
    verified: z.boolean(),
    reason: z.string().meta({
      description: '`ok`; `wrong_answer`: a success without the value; `url_changed` meanwhile; else the reason of a failed attempt.',
      examples: ['ok', 'wrong_answer', 'http_4xx', 'timeout_headers'],
    }),
    verifiedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ChallengeOut', examples: [{ verified: true, reason: 'ok', verifiedAt: '2026-01-31T12:00:00.000Z' }] });

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
      'Sends a signed POST with a random value in the header `webhook-challenge`. Within 5 seconds the receiver answers with success, and with the value in its body or in the header `webhook-challenge-response`. A change of the URL takes `verifiedAt` away.',
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
