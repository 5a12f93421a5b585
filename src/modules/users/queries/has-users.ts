import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';

/** Whether anybody has an account and has confirmed its address: a mistyped one must not lock its maker out for ever. */
export class HasUsers extends Query<boolean> {}

@QueryHandler(HasUsers)
export class HasUsersHandler implements IQueryHandler<HasUsers> {
  constructor(private readonly sql: Sql) {}

  async execute(): Promise<boolean> {
    const rows = await this.sql.run('SELECT 1 FROM user_account WHERE email_verified_at IS NOT NULL LIMIT 1');
    return rows.length === 1;
  }
}
