import { Body, Controller, Get, HttpCode, Param, Patch } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../../platform/http/access';
import { OrganizationId } from '../../../../platform/http/principal';
import { ChangeTransformation } from '../commands/change-transformation';
import { EndpointTransform } from '../endpoints.permissions';
import { GetTransformation } from '../queries/get-transformation';
import { TransformationOut, TransformationPatch } from '../transformation.schemas';

@ApiTags('Endpoint')
@Controller('app/:app_id/endpoint/:endpoint_id/transformation')
export class EndpointTransformationController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Access(EndpointTransform)
  @ApiOperation({ operationId: 'getEndpointTransformation', summary: 'Get the code that changes the messages of an endpoint' })
  @ApiResponse({ status: 200, standardSchema: TransformationOut })
  get(@OrganizationId() organizationId: string, @Param('app_id') app: string, @Param('endpoint_id') endpoint: string) {
    return this.queries.execute(new GetTransformation(organizationId, app, endpoint));
  }

  @Patch()
  @Access(EndpointTransform)
  @HttpCode(204)
  @ApiOperation({
    operationId: 'patchEndpointTransformation',
    summary: 'Change the code that changes the messages of an endpoint',
    description: 'What is left out stays, null clears. Code that cannot be run is refused. It runs while `enabled` is true, in a sandbox.',
  })
  @ApiResponse({ status: 204 })
  patch(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: TransformationPatch }) changes: TransformationPatch,
  ) {
    return this.commands.execute(new ChangeTransformation({ organizationId, application, endpoint }, changes));
  }
}
