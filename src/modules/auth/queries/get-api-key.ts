import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { Sql } from '../../../platform/database/sql';
import { ApiKeyNotFound } from '../domain/auth.errors';
import { API_KEY_COLUMNS, type ApiKeyRow, apiKeyView, type ApiKeyView } from './api-key-view';

/** @throws ApiKeyNotFound */
export class GetApiKey extends Query<ApiKeyView> {
  constructor(
    readonly organizationId: string,
    readonly apiKeyId: string,
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'api_key.get',
  text: `SELECT ${API_KEY_COLUMNS} FROM api_key WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL`,
};

@QueryHandler(GetApiKey)
export class GetApiKeyHandler implements IQueryHandler<GetApiKey> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, apiKeyId }: GetApiKey): Promise<ApiKeyView> {
    const [row] = await this.sql.run<ApiKeyRow>(STATEMENT, [organizationId, apiKeyId]);
    if (!row) throw new ApiKeyNotFound(apiKeyId);
    return apiKeyView(this.cipher, row);
  }
}
