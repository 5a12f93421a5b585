import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { listOf, type PageRequest, pageQuery } from '../../../platform/http/list-page';
import { OrganizationId } from '../../../platform/http/principal';
import { IDENTIFIER } from '../../../platform/ids/reference';
import { ChangeRole } from '../commands/change-role';
import { RemoveMember } from '../commands/remove-member';
import { MemberManage, MemberRead } from '../organizations.permissions';
import { GetMember } from '../queries/get-member';
import { ListMembers } from '../queries/list-members';
import { RoleIn, RoleOut } from './organization.schemas';

const MemberIn = z.strictObject({ role: RoleIn }).meta({ id: 'MemberIn' });
const UserId = z.string().regex(IDENTIFIER);

const MemberOut = z
  .object({
    id: z.string().meta({ description: 'Of the user.', examples: ['user_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    name: z
      .string()
      .nullable()
      .meta({ examples: ['Ann Miller'] }),
    email: z.string().nullable(),
    role: RoleOut,
    joinedAt: z.iso.datetime(),
  })
  .meta({ id: 'MemberOut' });

@ApiTags('Members')
@ApiParam({ name: 'organizationId' })
@Controller('organization/:organizationId/member')
export class MembersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Access(MemberRead)
  @ApiOperation({ operationId: 'listMembers', summary: 'List the members of an organization' })
  @ApiResponse({ status: 200, description: 'A page of members.', standardSchema: listOf(MemberOut) })
  list(@OrganizationId() organizationId: string, @Query({ schema: pageQuery('ascending').strict() }) page: PageRequest) {
    return this.queries.execute(new ListMembers(organizationId, page));
  }

  @Get(':userId')
  @Access(MemberRead)
  @ApiOperation({ operationId: 'getMember', summary: 'Get a member' })
  @ApiResponse({ status: 200, description: 'The member.', standardSchema: MemberOut })
  get(@OrganizationId() organizationId: string, @Param('userId', { schema: UserId }) userId: string) {
    return this.queries.execute(new GetMember(organizationId, userId));
  }

  @Patch(':userId')
  @Access(MemberManage)
  @ApiOperation({ operationId: 'changeRole', summary: 'Change the role of a member. It holds everywhere within 2 seconds.' })
  @ApiResponse({ status: 200, description: 'Changed.', standardSchema: MemberOut })
  async changeRole(
    @OrganizationId() organizationId: string,
    @Param('userId', { schema: UserId }) userId: string,
    @Body({ schema: MemberIn }) { role }: z.output<typeof MemberIn>,
  ) {
    await this.commands.execute(new ChangeRole(organizationId, userId, role));
    return this.get(organizationId, userId);
  }

  @Delete(':userId')
  @HttpCode(204)
  @Access(MemberManage)
  @ApiOperation({ operationId: 'removeMember', summary: 'Remove a member. They are refused everywhere within 2 seconds.' })
  @ApiResponse({ status: 204, description: 'Removed.' })
  async remove(@OrganizationId() organizationId: string, @Param('userId', { schema: UserId }) userId: string): Promise<void> {
    await this.commands.execute(new RemoveMember(organizationId, userId));
  }
}
