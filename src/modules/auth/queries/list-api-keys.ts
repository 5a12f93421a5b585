import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { Sql } from '../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../platform/http/list-page';
import { API_KEY_COLUMNS, type ApiKeyRow, apiKeyView, type ApiKeyView } from './api-key-view';

/** Without those that were revoked. */
export class ListApiKeys extends Query<ListPage<ApiKeyView>> {
  constructor(
    readonly organizationId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

const STATEMENT = bothWays(
  'api_key.list',
  (beyond, direction) => `
    SELECT ${API_KEY_COLUMNS} FROM api_key
     WHERE organization_id = $1 AND revoked_at IS NULL AND id ${beyond} $2
     ORDER BY id ${direction} LIMIT $3`,
);

@QueryHandler(ListApiKeys)
export class ListApiKeysHandler implements IQueryHandler<ListApiKeys> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, page }: ListApiKeys): Promise<ListPage<ApiKeyView>> {
    const { way, cursor, take } = seek(page);
    const rows = await this.sql.run<ApiKeyRow>(STATEMENT[way], [organizationId, cursor, take]);
    return listPage(
      rows,
      page,
      ({ id }) => id,
      (row) => apiKeyView(this.cipher, row),
    );
  }
}
