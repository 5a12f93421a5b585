import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { GetUsers } from '../../users';
import { MEMBER_COLUMNS, type MemberRow, memberView, type MemberView } from './member-view';

export class GetMember extends Query<MemberView> {
  constructor(
    readonly organizationId: string,
    readonly userId: string,
  ) {
    super();
  }
}

const STATEMENT = `SELECT ${MEMBER_COLUMNS} FROM member WHERE organization_id = $1 AND user_id = $2`;

@QueryHandler(GetMember)
export class GetMemberHandler implements IQueryHandler<GetMember> {
  constructor(
    private readonly sql: Sql,
    private readonly queries: QueryBus,
  ) {}

  /** @throws EntityNotFound */
  async execute({ organizationId, userId }: GetMember): Promise<MemberView> {
    const [row] = await this.sql.run<MemberRow>(STATEMENT, [organizationId, userId]);
    if (!row) throw new EntityNotFound();
    return memberView(row, await this.queries.execute(new GetUsers([userId])));
  }
}
