import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';

export type RoleName = 'owner' | 'admin' | 'developer' | 'viewer';
export type MembershipView = { readonly organizationId: string; readonly role: RoleName };

/** The organization that a user joined first, which is the one they act for; null for none. */
export class GetMembership extends Query<MembershipView | null> {
  constructor(readonly userId: string) {
    super();
  }
}

@QueryHandler(GetMembership)
export class GetMembershipHandler implements IQueryHandler<GetMembership> {
  constructor(private readonly sql: Sql) {}

  async execute({ userId }: GetMembership): Promise<MembershipView | null> {
    const [row] = await this.sql.run<MembershipView>(
      {
        name: 'member.first_of_user',
        text: 'SELECT organization_id AS "organizationId", role FROM member WHERE user_id = $1 ORDER BY id LIMIT 1',
      },
      [userId],
    );
    return row ?? null;
  }
}
