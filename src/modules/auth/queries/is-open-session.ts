import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';

/** Whether access tokens of this session are still good. */
export class IsOpenSession extends Query<boolean> {
  constructor(
    readonly sessionId: string,
    readonly userId: string,
  ) {
    super();
  }
}

@QueryHandler(IsOpenSession)
export class IsOpenSessionHandler implements IQueryHandler<IsOpenSession> {
  constructor(private readonly sql: Sql) {}

  async execute({ sessionId, userId }: IsOpenSession): Promise<boolean> {
    const rows = await this.sql.run(
      {
        name: 'session.is_open',
        text: 'SELECT 1 FROM session WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > now()',
      },
      [sessionId, userId],
    );
    return rows.length === 1;
  }
}
