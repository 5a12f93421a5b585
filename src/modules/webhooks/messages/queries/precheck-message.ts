import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';

/** Whether a message of this kind would go anywhere at this moment. */
export class PrecheckMessage extends Query<{ active: boolean }> {
  constructor(
    readonly applicationId: string,
    readonly eventType: string,
    readonly channels: readonly string[] | null,
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'message.precheck',
  text: `
    SELECT EXISTS (
      SELECT 1 FROM endpoint e
       WHERE e.application_id = $1 AND NOT e.disabled AND e.deleted_at IS NULL
         AND (e.event_types IS NULL OR $2 = ANY (e.event_types))
         AND (e.channels IS NULL OR e.channels && $3::text[])) AS active`,
};

@QueryHandler(PrecheckMessage)
export class PrecheckMessageHandler implements IQueryHandler<PrecheckMessage> {
  constructor(private readonly sql: Sql) {}

  async execute({ applicationId, eventType, channels }: PrecheckMessage): Promise<{ active: boolean }> {
    const [row] = await this.sql.run<{ active: boolean }>(STATEMENT, [applicationId, eventType, channels]);
    return { active: row?.active ?? false };
  }
}
