import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Role } from '../../../platform/access/permission';
import { Sql } from '../../../platform/database/sql';

export type MembershipView = {
  readonly organizationId: string;
  readonly role: Role;
  /** Deleted, and waiting to be erased. */
  readonly closed: boolean;
};

/** What a user belongs to, in the order of joining. */
export class GetMemberships extends Query<MembershipView[]> {
  constructor(readonly userId: string) {
    super();
  }
}

@QueryHandler(GetMemberships)
export class GetMembershipsHandler implements IQueryHandler<GetMemberships> {
  constructor(private readonly sql: Sql) {}

  execute({ userId }: GetMemberships): Promise<MembershipView[]> {
    return this.sql.run<MembershipView>(
      {
        name: 'member.of_user',
        text: `SELECT m.organization_id AS "organizationId", m.role, o.deleted_at IS NOT NULL AS closed
                 FROM member m JOIN organization o ON o.id = m.organization_id
                WHERE m.user_id = $1
                ORDER BY m.id`,
      },
      [userId],
    );
  }
}
