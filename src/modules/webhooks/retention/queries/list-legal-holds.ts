import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';

export type LegalHold = { readonly organizationId: string; readonly since: Date };

export class ListLegalHolds extends Query<LegalHold[]> {}

@QueryHandler(ListLegalHolds)
export class ListLegalHoldsHandler implements IQueryHandler<ListLegalHolds> {
  constructor(private readonly sql: Sql) {}

  execute(): Promise<LegalHold[]> {
    return this.sql.run<LegalHold>('SELECT organization_id AS "organizationId", since FROM legal_hold ORDER BY 1');
  }
}
