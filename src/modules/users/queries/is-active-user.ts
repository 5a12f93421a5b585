import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';

/** Whether tokens of this user are still good. */
export class IsActiveUser extends Query<boolean> {
  constructor(readonly userId: string) {
    super();
  }
}

@QueryHandler(IsActiveUser)
export class IsActiveUserHandler implements IQueryHandler<IsActiveUser> {
  constructor(private readonly sql: Sql) {}

  async execute({ userId }: IsActiveUser): Promise<boolean> {
    const rows = await this.sql.run(
      {
        name: 'user_account.is_active',
        text: 'SELECT 1 FROM user_account WHERE id = $1 AND email_verified_at IS NOT NULL AND erasure_requested_at IS NULL',
      },
      [userId],
    );
    return rows.length === 1;
  }
}
