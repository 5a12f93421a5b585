import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { listOf, type PageRequest, pageQuery } from '../../../platform/http/list-page';
import { Caller, OrganizationId, type Principal } from '../../../platform/http/principal';
import { IDENTIFIER } from '../../../platform/ids/reference';
import { EmailAddress } from '../../users';
import { CreateInvitation } from '../commands/create-invitation';
import { ResendInvitation } from '../commands/resend-invitation';
import { RevokeInvitation } from '../commands/revoke-invitation';
import { InvitationManage } from '../organizations.permissions';
import { GetInvitation } from '../queries/get-invitation';
import { ListInvitations } from '../queries/list-invitations';
import { RoleIn } from './organization.schemas';

const InvitationIn = z.strictObject({ email: EmailAddress, role: RoleIn }).meta({ id: 'InvitationIn' });
const InvitationId = z.string().regex(IDENTIFIER);

const InvitationOut = z
  .object({
    id: z.string().meta({ examples: ['inv_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    email: z.string(),
    role: RoleIn,
    invitedBy: z.string().meta({ description: 'Id of a user.', examples: ['user_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'InvitationOut' });

@ApiTags('Invitations')
@ApiParam({ name: 'organizationId' })
@Access(InvitationManage)
@Controller('organization/:organizationId/invitation')
export class InvitationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({ operationId: 'createInvitation', summary: 'Invite somebody by mail, for seven days' })
  @ApiResponse({ status: 201, description: 'A mail is on its way.', standardSchema: InvitationOut })
  async create(
    @OrganizationId() organizationId: string,
    @Caller() { id }: Principal,
    @Body({ schema: InvitationIn }) { email, role }: z.output<typeof InvitationIn>,
  ) {
    const { invitationId } = await this.commands.execute(new CreateInvitation(organizationId, email, role, id));
    return this.queries.execute(new GetInvitation(organizationId, invitationId));
  }

  @Get()
  @ApiOperation({ operationId: 'listInvitations', summary: 'List the invitations that were neither accepted nor revoked' })
  @ApiResponse({ status: 200, description: 'A page of invitations.', standardSchema: listOf(InvitationOut) })
  list(@OrganizationId() organizationId: string, @Query({ schema: pageQuery('descending').strict() }) page: PageRequest) {
    return this.queries.execute(new ListInvitations(organizationId, page));
  }

  @Post(':invitationId/resend')
  @HttpCode(202)
  @ApiOperation({ operationId: 'resendInvitation', summary: 'Send another mail with a new link, good for seven days' })
  @ApiResponse({ status: 202, description: 'A mail is on its way; the link of the last one ends.', standardSchema: InvitationOut })
  async resend(@OrganizationId() organizationId: string, @Param('invitationId', { schema: InvitationId }) invitationId: string) {
    await this.commands.execute(new ResendInvitation(organizationId, invitationId));
    return this.queries.execute(new GetInvitation(organizationId, invitationId));
  }

  @Delete(':invitationId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'revokeInvitation', summary: 'Revoke an invitation: its link ends at once' })
  @ApiResponse({ status: 204, description: 'Revoked.' })
  async revoke(
    @OrganizationId() organizationId: string,
    @Param('invitationId', { schema: InvitationId }) invitationId: string,
  ): Promise<void> {
    await this.commands.execute(new RevokeInvitation(organizationId, invitationId));
  }
}
