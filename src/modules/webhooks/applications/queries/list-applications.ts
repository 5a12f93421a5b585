import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../../platform/http/list-page';
import { APPLICATION_COLUMNS, type ApplicationRow, applicationView, type ApplicationView } from './application-view';

export class ListApplications extends Query<ListPage<ApplicationView>> {
  constructor(
    readonly organizationId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

const STATEMENT = bothWays(
  'application.list',
  (beyond, direction) => `
    SELECT ${APPLICATION_COLUMNS} FROM application
     WHERE organization_id = $1 AND deleted_at IS NULL AND NOT operational AND id ${beyond} $2
     ORDER BY id ${direction} LIMIT $3`,
);

@QueryHandler(ListApplications)
export class ListApplicationsHandler implements IQueryHandler<ListApplications> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, page }: ListApplications): Promise<ListPage<ApplicationView>> {
    const { way, cursor, take } = seek(page);
    const rows = await this.sql.run<ApplicationRow>(STATEMENT[way], [organizationId, cursor, take]);
    return listPage(
      rows,
      page,
      ({ id }) => id,
      (row) => applicationView(this.cipher, row),
    );
  }
}
