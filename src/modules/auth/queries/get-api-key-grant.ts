import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { tokenHash } from '../../../platform/crypto/token-hash';
import { Sql } from '../../../platform/database/sql';
import { IsOrganizationOpen } from '../../organizations';

export type ApiKeyGrant = {
  readonly id: string;
  readonly organizationId: string;
  /** Null for all that API keys may have. */
  readonly scopes: readonly string[] | null;
};

/** What an API key may do, by the hash of the whole token. Null when it is none, was revoked or has expired, or its organization is closed. */
export class GetApiKeyGrant extends Query<ApiKeyGrant | null> {
  constructor(readonly token: string) {
    super();
  }
}

@QueryHandler(GetApiKeyGrant)
export class GetApiKeyGrantHandler implements IQueryHandler<GetApiKeyGrant> {
  constructor(
    private readonly sql: Sql,
    private readonly queries: QueryBus,
  ) {}

  async execute({ token }: GetApiKeyGrant): Promise<ApiKeyGrant | null> {
    const [grant] = await this.sql.run<ApiKeyGrant>(
      `SELECT id, organization_id AS "organizationId", scopes FROM api_key
        WHERE token_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
      [tokenHash(token)],
    );
    return grant && (await this.queries.execute(new IsOrganizationOpen(grant.organizationId))) ? grant : null;
  }
}
