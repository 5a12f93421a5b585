import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../../platform/http/access';
import { OrganizationId } from '../../../../platform/http/principal';
import { ValidationFailed } from '../../../../platform/http/validation';
import { type ImportedEventTypes, ImportEventTypes } from '../commands/import-event-types';
import { EventTypeWrite } from '../event-types.permissions';
import { type DescribedWebhook, parseDocument, webhooksOf } from '../openapi-webhooks';
import { EventTypeFromOpenApi } from './event-type.schemas';
import { OpenApiImportIn, OpenApiImportOut } from './openapi-import.schemas';

@ApiTags('Event type')
@Controller('event-type/import/openapi')
export class OpenApiImportController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Access(EventTypeWrite)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'importEventTypes',
    summary: 'Make and update event types from the webhooks of an OpenAPI document: all of them or none',
  })
  @ApiResponse({ status: 200, standardSchema: OpenApiImportOut })
  async import(@OrganizationId() organizationId: string, @Body({ schema: OpenApiImportIn }) body: OpenApiImportIn) {
    const { spec, specRaw = null, replaceAll, dryRun } = body;
    const loc = ['body', specRaw === null ? 'spec' : 'specRaw'];
    const items = webhooksOf(specRaw === null ? spec : parseDocument(specRaw, loc), loc).map(importedOf);
    const options = { replaceAll: replaceAll ?? false, dryRun: dryRun ?? false };
    const { modified, archived } = await this.commands.execute(new ImportEventTypes(organizationId, items, options));
    return {
      data: {
        modified: options.dryRun ? [] : modified.map(({ name }) => name),
        to_modify: options.dryRun ? modified.map(fromOpenApi) : null,
        archived,
      },
    };
  }
}

function importedOf({ loc, eventType }: DescribedWebhook) {
  const result = EventTypeFromOpenApi.safeParse(eventType);
  if (!result.success) {
    throw new ValidationFailed(
      result.error.issues.map(({ path, message }) => ({ loc: [...loc, ...path.map(String)], msg: message, type: 'value_error' })),
    );
  }
  const { name, ...settings } = result.data;
  // An archived one comes back.
  return { name, settings: { ...settings, archived: false }, loc };
}

function fromOpenApi({ name, description, schemas, deprecated, groupName, featureFlags }: ImportedEventTypes['modified'][number]) {
  return { name, description, schemas, deprecated, groupName, featureFlags };
}
