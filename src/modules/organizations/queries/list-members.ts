import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../platform/http/list-page';
import { GetUsers } from '../../users';
import { MEMBER_COLUMNS, type MemberRow, memberView, type MemberView } from './member-view';

/** In the order in which their accounts were made. */
export class ListMembers extends Query<ListPage<MemberView>> {
  constructor(
    readonly organizationId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

const STATEMENT = bothWays(
  'member.list',
  (beyond, direction) => `
    SELECT ${MEMBER_COLUMNS} FROM member
     WHERE organization_id = $1 AND user_id ${beyond} $2
     ORDER BY user_id ${direction} LIMIT $3`,
);

@QueryHandler(ListMembers)
export class ListMembersHandler implements IQueryHandler<ListMembers> {
  constructor(
    private readonly sql: Sql,
    private readonly queries: QueryBus,
  ) {}

  async execute({ organizationId, page }: ListMembers): Promise<ListPage<MemberView>> {
    const { way, cursor, take } = seek(page);
    const rows = await this.sql.run<MemberRow>(STATEMENT[way], [organizationId, cursor, take]);
    const users = await this.queries.execute(new GetUsers(rows.map(({ id }) => id)));
    return listPage(
      rows,
      page,
      ({ id }) => id,
      (row) => memberView(row, users),
    );
  }
}
