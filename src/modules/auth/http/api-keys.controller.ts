import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { instant } from '../../../platform/http/fields';
import { listOf, type PageRequest, pageQuery } from '../../../platform/http/list-page';
import { OrganizationId } from '../../../platform/http/principal';
import { IDENTIFIER } from '../../../platform/ids/reference';
import { DisplayName } from '../../users';
import { ApiKeyManage } from '../auth.permissions';
import { ChangeApiKey } from '../commands/change-api-key';
import { CreateApiKey } from '../commands/create-api-key';
import { RevokeApiKey } from '../commands/revoke-api-key';
import { GetApiKey } from '../queries/get-api-key';
import { ListApiKeys } from '../queries/list-api-keys';

const scopes = z
  .array(z.string())
  .min(1)
  .max(100)
  .nullable()
  .meta({
    description: 'Names of permissions, see docs/permissions.md; all that API keys may have when null.',
    examples: [['message.write']],
  });

const ApiKeyIn = z
  .strictObject({
    name: DisplayName.meta({ examples: ['CI'] }),
    scopes: scopes.default(null),
    expiresAt: instant.nullish().meta({ description: 'For ever when absent.' }),
    environment: z.enum(['live', 'test']).default('live'),
  })
  .meta({ id: 'ApiKeyIn' });
const ApiKeyPatch = z.strictObject({ name: DisplayName.optional(), scopes: scopes.optional() }).meta({ id: 'ApiKeyPatch' });
const ApiKeyId = z.string().regex(IDENTIFIER);

const ApiKeyOut = z
  .object({
    id: z.string().meta({ examples: ['key_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    name: z.string().meta({ examples: ['CI'] }),
    scopes: z.array(z.string()).nullable(),
    prefix: z.string().meta({ description: '`ph_live_` or `ph_test_`: by this, scanners find keys that leaked.', examples: ['ph_live_'] }),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().meta({ description: 'About a minute behind.' }),
  })
  .meta({ id: 'ApiKeyOut' });
const NewApiKeyOut = ApiKeyOut.extend({ token: z.string().meta({ description: 'The key. Shown this once: it is not stored.' }) }).meta({
  id: 'NewApiKeyOut',
});

/** Keys are managed by people: a key that leaked must not make others. */
@ApiTags('API keys')
@Access(ApiKeyManage)
@Controller('api-key')
export class ApiKeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({ operationId: 'createApiKey', summary: 'Make an API key for the organization' })
  @ApiResponse({ status: 201, description: 'Made. Keep the token: it is shown this once.', standardSchema: NewApiKeyOut })
  create(@OrganizationId() organizationId: string, @Body({ schema: ApiKeyIn }) { expiresAt = null, ...key }: z.output<typeof ApiKeyIn>) {
    return this.commands.execute(new CreateApiKey({ ...key, organizationId, expiresAt }));
  }

  @Get()
  @ApiOperation({ operationId: 'listApiKeys', summary: 'List the API keys of the organization, without their tokens' })
  @ApiResponse({ status: 200, description: 'A page of keys.', standardSchema: listOf(ApiKeyOut) })
  list(@OrganizationId() organizationId: string, @Query({ schema: pageQuery('descending') }) page: PageRequest) {
    return this.queries.execute(new ListApiKeys(organizationId, page));
  }

  @Patch(':apiKeyId')
  @ApiOperation({ operationId: 'patchApiKey', summary: 'Rename an API key or change its scopes. They hold everywhere within 2 seconds.' })
  @ApiResponse({ status: 200, description: 'The key as it is now.', standardSchema: ApiKeyOut })
  async change(
    @OrganizationId() organizationId: string,
    @Param('apiKeyId', { schema: ApiKeyId }) apiKeyId: string,
    @Body({ schema: ApiKeyPatch }) changes: z.output<typeof ApiKeyPatch>,
  ) {
    await this.commands.execute(new ChangeApiKey(organizationId, apiKeyId, changes));
    return this.queries.execute(new GetApiKey(organizationId, apiKeyId));
  }

  @Delete(':apiKeyId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'revokeApiKey', summary: 'Revoke an API key. It is refused everywhere within 2 seconds.' })
  @ApiResponse({ status: 204, description: 'Revoked.' })
  async revoke(@OrganizationId() organizationId: string, @Param('apiKeyId', { schema: ApiKeyId }) apiKeyId: string): Promise<void> {
    await this.commands.execute(new RevokeApiKey(organizationId, apiKeyId));
  }
}
