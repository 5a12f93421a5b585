import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';

export type ValidApiKey = {
  readonly organizationId: string;
  readonly scopes: readonly string[] | null;
  /** Null for keys from before hashes were stored: their signature decides. */
  readonly tokenHash: Buffer | null;
};

/** Null when the key does not exist, was revoked or has expired. */
export class GetValidApiKey extends Query<ValidApiKey | null> {
  constructor(
    readonly id: string,
    readonly environment: 'live' | 'test',
  ) {
    super();
  }
}

@QueryHandler(GetValidApiKey)
export class GetValidApiKeyHandler implements IQueryHandler<GetValidApiKey> {
  constructor(private readonly sql: Sql) {}

  async execute({ id, environment }: GetValidApiKey): Promise<ValidApiKey | null> {
    const [row] = await this.sql.run<ValidApiKey>(
      {
        name: 'api_key.valid',
        text: `SELECT organization_id AS "organizationId", scopes, token_hash AS "tokenHash" FROM api_key
                WHERE id = $1 AND environment = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
      },
      [id, environment],
    );
    return row ?? null;
  }
}
