import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Access } from '../../../../platform/http/access';
import { pageQuery, type PageRequest } from '../../../../platform/http/list-page';
import { OrganizationId } from '../../../../platform/http/principal';
import { queryBoolean } from '../../../../platform/http/query-values';
import { ApplicationIn } from '../application-in';
import { ApplicationList, ApplicationRead, ApplicationWrite } from '../applications.permissions';
import { ChangeApplication } from '../commands/change-application';
import { CreateApplication } from '../commands/create-application';
import { DeleteApplication } from '../commands/delete-application';
import { PutApplication } from '../commands/put-application';
import { GetApplication } from '../queries/get-application';
import { ListApplications } from '../queries/list-applications';
import { ApplicationOut, ApplicationPatch, ListOfApplications } from './application.schemas';

const CreateQuery = z.object({
  get_if_exists: queryBoolean.optional().meta({ description: 'Answer 200 with the application that already has this uid.' }),
});
type CreateQuery = z.output<typeof CreateQuery>;

@ApiTags('Application')
@Controller('app')
export class ApplicationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Access(ApplicationList)
  @ApiOperation({ operationId: 'listApplications', summary: 'List applications' })
  @ApiResponse({ status: 200, standardSchema: ListOfApplications })
  list(@OrganizationId() organizationId: string, @Query({ schema: pageQuery('ascending') }) page: PageRequest) {
    return this.queries.execute(new ListApplications(organizationId, page));
  }

  @Post()
  @Access(ApplicationWrite)
  @ApiOperation({ operationId: 'createApplication', summary: 'Create an application' })
  @ApiResponse({ status: 201, standardSchema: ApplicationOut })
  @ApiResponse({ status: 200, description: 'With `get_if_exists`: it was there.', standardSchema: ApplicationOut })
  async create(
    @OrganizationId() organizationId: string,
    @Query({ schema: CreateQuery }) { get_if_exists: orGet = false }: CreateQuery,
    @Body({ schema: ApplicationIn }) body: ApplicationIn,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.show(
      organizationId,
      await this.commands.execute(new CreateApplication(organizationId, { ...body, uid: body.uid ?? null }, orGet)),
      reply,
    );
  }

  @Get(':app_id')
  @Access(ApplicationRead)
  @ApiOperation({ operationId: 'getApplication', summary: 'Get an application' })
  @ApiResponse({ status: 200, standardSchema: ApplicationOut })
  get(@OrganizationId() organizationId: string, @Param('app_id') app: string) {
    return this.queries.execute(new GetApplication(organizationId, app));
  }

  @Put(':app_id')
  @Access(ApplicationWrite)
  @ApiOperation({ operationId: 'upsertApplication', summary: 'Replace an application, or create it' })
  @ApiResponse({ status: 200, standardSchema: ApplicationOut })
  @ApiResponse({ status: 201, standardSchema: ApplicationOut })
  async put(
    @OrganizationId() organizationId: string,
    @Param('app_id') app: string,
    @Body({ schema: ApplicationIn }) body: ApplicationIn,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.show(organizationId, await this.commands.execute(new PutApplication(organizationId, app, body)), reply);
  }

  @Patch(':app_id')
  @Access(ApplicationWrite)
  @ApiOperation({ operationId: 'patchApplication', summary: 'Change some settings of an application' })
  @ApiResponse({ status: 200, standardSchema: ApplicationOut })
  async patch(
    @OrganizationId() organizationId: string,
    @Param('app_id') app: string,
    @Body({ schema: ApplicationPatch }) body: ApplicationPatch,
  ) {
    return this.show(organizationId, await this.commands.execute(new ChangeApplication(organizationId, app, body)));
  }

  @Delete(':app_id')
  @Access(ApplicationWrite)
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteApplication', summary: 'Delete an application with its endpoints' })
  @ApiResponse({ status: 204 })
  delete(@OrganizationId() organizationId: string, @Param('app_id') app: string) {
    return this.commands.execute(new DeleteApplication(organizationId, app));
  }

  private show(organizationId: string, { id, created }: { id: string; created?: boolean }, reply?: FastifyReply) {
    if (created !== undefined) void reply?.status(created ? 201 : 200);
    return this.queries.execute(new GetApplication(organizationId, id));
  }
}
