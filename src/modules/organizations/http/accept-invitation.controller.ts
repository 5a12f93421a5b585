import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { Caller, type Principal } from '../../../platform/http/principal';
import { AcceptInvitation } from '../commands/accept-invitation';
import { GetOrganization } from '../queries/get-organization';
import { OrganizationOut } from './organization.schemas';

const AcceptIn = z.strictObject({ token: z.string().min(1).max(200) }).meta({ id: 'InvitationAcceptIn' });

/** Apart from the other routes of invitations: who accepts belongs to the organization only afterwards. */
@ApiTags('Invitations')
@Controller('invitation')
export class AcceptInvitationController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('accept')
  @HttpCode(200)
  @Access('account')
  @ApiOperation({ operationId: 'acceptInvitation', summary: 'Accept an invitation to the address of the signed-in account' })
  @ApiResponse({ status: 200, description: 'Joined.', standardSchema: OrganizationOut })
  async accept(@Caller() { id }: Principal, @Body({ schema: AcceptIn }) { token }: z.output<typeof AcceptIn>) {
    const { organizationId } = await this.commands.execute(new AcceptInvitation(token, id));
    return this.queries.execute(new GetOrganization(organizationId, id));
  }
}
