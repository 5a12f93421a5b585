import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';

export type OwnedOrganization = {
  readonly organizationId: string;
  /** Has other members than its owner. */
  readonly shared: boolean;
};

/** Those that a user owns and that are not closed. */
export class ListOwnedOrganizations extends Query<OwnedOrganization[]> {
  constructor(readonly userId: string) {
    super();
  }
}

@QueryHandler(ListOwnedOrganizations)
export class ListOwnedOrganizationsHandler implements IQueryHandler<ListOwnedOrganizations> {
  constructor(private readonly sql: Sql) {}

  execute({ userId }: ListOwnedOrganizations): Promise<OwnedOrganization[]> {
    return this.sql.run<OwnedOrganization>(
      `SELECT o.id AS "organizationId",
              EXISTS (SELECT 1 FROM member other WHERE other.organization_id = o.id AND other.user_id <> $1) AS shared
         FROM member m JOIN organization o ON o.id = m.organization_id
        WHERE m.user_id = $1 AND m.role = 'owner' AND o.deleted_at IS NULL
        ORDER BY o.id`,
      [userId],
    );
  }
}
