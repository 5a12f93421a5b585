import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';

/** Ids of the people who look after an organization: its owner and admins. None when it was deleted. */
export class ListAdministrators extends Query<string[]> {
  constructor(readonly organizationId: string) {
    super();
  }
}

const STATEMENT = {
  name: 'member.administrators',
  text: `SELECT m.user_id AS id FROM member m JOIN organization o ON o.id = m.organization_id
          WHERE m.organization_id = $1 AND m.role IN ('owner', 'admin') AND o.deleted_at IS NULL
          ORDER BY m.user_id`,
};

@QueryHandler(ListAdministrators)
export class ListAdministratorsHandler implements IQueryHandler<ListAdministrators> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId }: ListAdministrators): Promise<string[]> {
    return (await this.sql.run<{ id: string }>(STATEMENT, [organizationId])).map(({ id }) => id);
  }
}
