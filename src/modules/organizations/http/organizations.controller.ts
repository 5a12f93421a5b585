import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { listOf, type PageRequest, pageQuery } from '../../../platform/http/list-page';
import { Caller, OrganizationId, type Principal } from '../../../platform/http/principal';
import { IDENTIFIER } from '../../../platform/ids/reference';
import { DisplayName } from '../../users';
import { CloseOrganization } from '../commands/close-organization';
import { CreateOrganization } from '../commands/create-organization';
import { RemoveMember } from '../commands/remove-member';
import { RenameOrganization } from '../commands/rename-organization';
import { RestoreOrganization } from '../commands/restore-organization';
import { TransferOwnership } from '../commands/transfer-ownership';
import {
  MemberLeave,
  OrganizationDelete,
  OrganizationRead,
  OrganizationRestore,
  OrganizationTransfer,
  OrganizationUpdate,
} from '../organizations.permissions';
import { GetOrganization } from '../queries/get-organization';
import { ListOrganizations } from '../queries/list-organizations';
import { OrganizationOut } from './organization.schemas';

const OrganizationIn = z.strictObject({ name: DisplayName }).meta({ id: 'OrganizationIn' });
const TransferIn = z.strictObject({ userId: z.string().regex(IDENTIFIER) }).meta({ id: 'OrganizationTransferIn' });

/** The organization of a path is the one that the guard let the caller into: `@OrganizationId()`. */
@ApiTags('Organizations')
@Controller('organization')
export class OrganizationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Access('account')
  @ApiOperation({ operationId: 'listOrganizations', summary: 'List the organizations that the caller belongs to' })
  @ApiResponse({ status: 200, description: 'A page of organizations.', standardSchema: listOf(OrganizationOut) })
  list(@Caller() { id }: Principal, @Query({ schema: pageQuery('ascending').strict() }) page: PageRequest) {
    return this.queries.execute(new ListOrganizations(id, page));
  }

  @Post()
  @Access('account')
  @ApiOperation({ operationId: 'createOrganization', summary: 'Create an organization, and own it' })
  @ApiResponse({ status: 201, description: 'Created.', standardSchema: OrganizationOut })
  async create(@Caller() { id }: Principal, @Body({ schema: OrganizationIn }) { name }: z.output<typeof OrganizationIn>) {
    const { organizationId } = await this.commands.execute(new CreateOrganization(name, id));
    return this.queries.execute(new GetOrganization(organizationId, id));
  }

  @Get(':organizationId')
  @Access(OrganizationRead)
  @ApiParam({ name: 'organizationId' })
  @ApiOperation({ operationId: 'getOrganization', summary: 'Get an organization' })
  @ApiResponse({ status: 200, description: 'The organization.', standardSchema: OrganizationOut })
  get(@OrganizationId() organizationId: string, @Caller() { id }: Principal) {
    return this.queries.execute(new GetOrganization(organizationId, id));
  }

  @Patch(':organizationId')
  @Access(OrganizationUpdate)
  @ApiParam({ name: 'organizationId' })
  @ApiOperation({ operationId: 'updateOrganization', summary: 'Rename an organization' })
  @ApiResponse({ status: 200, description: 'Renamed.', standardSchema: OrganizationOut })
  async update(
    @OrganizationId() organizationId: string,
    @Caller() caller: Principal,
    @Body({ schema: OrganizationIn }) { name }: z.output<typeof OrganizationIn>,
  ) {
    await this.commands.execute(new RenameOrganization(organizationId, name));
    return this.get(organizationId, caller);
  }

  @Delete(':organizationId')
  @HttpCode(202)
  @Access(OrganizationDelete)
  @ApiParam({ name: 'organizationId' })
  @ApiOperation({
    operationId: 'deleteOrganization',
    summary: 'Delete an organization: closed at once, erased after some days in which it can be restored',
  })
  @ApiResponse({ status: 202, description: 'Closed. Pending deliveries are canceled.', standardSchema: OrganizationOut })
  async delete(@OrganizationId() organizationId: string, @Caller() caller: Principal) {
    await this.commands.execute(new CloseOrganization(organizationId));
    return this.get(organizationId, caller);
  }

  @Post(':organizationId/restore')
  @HttpCode(200)
  @Access(OrganizationRestore)
  @ApiParam({ name: 'organizationId' })
  @ApiOperation({ operationId: 'restoreOrganization', summary: 'Take the deletion of an organization back' })
  @ApiResponse({ status: 200, description: 'Open again. Canceled deliveries stay canceled.', standardSchema: OrganizationOut })
  async restore(@OrganizationId() organizationId: string, @Caller() caller: Principal) {
    await this.commands.execute(new RestoreOrganization(organizationId));
    return this.get(organizationId, caller);
  }

  @Post(':organizationId/transfer')
  @HttpCode(200)
  @Access(OrganizationTransfer)
  @ApiParam({ name: 'organizationId' })
  @ApiOperation({ operationId: 'transferOrganization', summary: 'Make another member the owner. The caller becomes an admin.' })
  @ApiResponse({ status: 200, description: 'Handed over.', standardSchema: OrganizationOut })
  async transfer(
    @OrganizationId() organizationId: string,
    @Caller() caller: Principal,
    @Body({ schema: TransferIn }) { userId }: z.output<typeof TransferIn>,
  ) {
    await this.commands.execute(new TransferOwnership(organizationId, userId));
    return this.get(organizationId, caller);
  }

  @Post(':organizationId/leave')
  @HttpCode(204)
  @Access(MemberLeave)
  @ApiParam({ name: 'organizationId' })
  @ApiOperation({ operationId: 'leaveOrganization', summary: 'Leave an organization' })
  @ApiResponse({ status: 204, description: 'Left.' })
  async leave(@OrganizationId() organizationId: string, @Caller() { id }: Principal): Promise<void> {
    await this.commands.execute(new RemoveMember(organizationId, id));
  }
}
