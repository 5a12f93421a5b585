import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Role } from '../../../platform/access/permission';
import { Sql } from '../../../platform/database/sql';

export type MembershipView = {
  readonly organizationId: string;
  readonly role: Role;
  /** Waits for its deletion. */
  readonly closed: boolean;
};

/** The organizations that a person may act for, the first joined first. */
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
        text: 'SELECT organization_id AS "organizationId", role, false AS closed FROM member WHERE user_id = $1 ORDER BY id',
      },
      [userId],
    );
  }
}
