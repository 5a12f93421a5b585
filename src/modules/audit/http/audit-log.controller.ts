import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { identifier, instant } from '../../../platform/http/fields';
import { listOf, pageQuery } from '../../../platform/http/list-page';
import { OrganizationId } from '../../../platform/http/principal';
import { queryList, withQueryLists } from '../../../platform/http/query-values';
import { AuditRead } from '../audit.permissions';
import { ListAuditEntries } from '../queries/list-audit-entries';

const Result = z.enum(['success', 'refused']);

const AuditQuery = withQueryLists(
  ['action'],
  z.strictObject({
    ...pageQuery('descending').shape,
    action: queryList(identifier).meta({ description: 'One or several, such as `api_key.created`.' }),
    actor: identifier
      .optional()
      .meta({ description: 'Id of a user, an API key or a portal token.', examples: ['user_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    object: identifier.optional().meta({ description: 'Id of what it was done to.' }),
    result: Result.optional(),
    before: instant.optional(),
    after: instant.optional(),
  }),
);

const AuditEntryOut = z
  .object({
    id: z.string().meta({ examples: ['aud_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    actor: z.object({
      kind: z.enum(['user', 'api_key', 'portal', 'anonymous', 'system']),
      id: z
        .string()
        .nullable()
        .meta({ examples: ['user_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    }),
    action: z.string().meta({ examples: ['api_key.created'] }),
    object: z.string().meta({ description: 'Id of what it was done to.' }),
    result: Result.meta({ description: '`refused`: somebody tried, and was not let.' }),
    requestId: z.string().nullable().meta({ description: 'As in the log and in `x-request-id`.' }),
    occurredAt: z.iso.datetime(),
    address: z.string().nullable().meta({ description: 'Network address of the caller.' }),
    fields: z.array(z.string()).meta({ description: 'Names of the fields that changed.' }),
  })
  .meta({ id: 'AuditEntryOut' });

@ApiTags('Audit log')
@Controller('audit-log')
export class AuditLogController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Access(AuditRead)
  @ApiOperation({ operationId: 'listAuditEntries', summary: 'Who did what in the organization, newest first' })
  @ApiResponse({ status: 200, description: 'A page of entries.', standardSchema: listOf(AuditEntryOut) })
  list(
    @OrganizationId() organizationId: string,
    @Query({ schema: AuditQuery }) { limit, iterator, order, action, ...filter }: z.output<typeof AuditQuery>,
  ) {
    return this.queries.execute(new ListAuditEntries(organizationId, { ...filter, actions: action }, { limit, iterator, order }));
  }
}
