import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';

/** False while it waits to be erased, and afterwards. */
export class IsOrganizationOpen extends Query<boolean> {
  constructor(readonly organizationId: string) {
    super();
  }
}

@QueryHandler(IsOrganizationOpen)
export class IsOrganizationOpenHandler implements IQueryHandler<IsOrganizationOpen> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId }: IsOrganizationOpen): Promise<boolean> {
    const rows = await this.sql.run(
      { name: 'organization.is_open', text: 'SELECT 1 FROM organization WHERE id = $1 AND deleted_at IS NULL' },
      [organizationId],
    );
    return rows.length === 1;
  }
}
