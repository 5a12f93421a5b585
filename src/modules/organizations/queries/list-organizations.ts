import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { Sql } from '../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../platform/http/list-page';
import { ORGANIZATION_COLUMNS, type OrganizationRow, organizationView, type OrganizationView } from './organization-view';

/** Those that a user belongs to. */
export class ListOrganizations extends Query<ListPage<OrganizationView>> {
  constructor(
    readonly userId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

const STATEMENT = bothWays(
  'organization.list',
  (beyond, direction) => `
    SELECT ${ORGANIZATION_COLUMNS}
      FROM member m JOIN organization o ON o.id = m.organization_id
     WHERE m.user_id = $1 AND m.organization_id ${beyond} $2
     ORDER BY m.organization_id ${direction} LIMIT $3`,
);

@QueryHandler(ListOrganizations)
export class ListOrganizationsHandler implements IQueryHandler<ListOrganizations> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ userId, page }: ListOrganizations): Promise<ListPage<OrganizationView>> {
    const { way, cursor, take } = seek(page);
    const rows = await this.sql.run<OrganizationRow>(STATEMENT[way], [userId, cursor, take]);
    return listPage(
      rows,
      page,
      ({ id }) => id,
      (row) => organizationView(this.cipher, row),
    );
  }
}
