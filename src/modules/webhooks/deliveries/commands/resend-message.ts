import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { MessageUnsent, MissingPayload } from '../domain/delivery.errors';
import { replan, SENDABLE } from '../replan';

/**
 * Sends a message to an endpoint again, now, whatever became of it before, and with a new schedule of retries. Types and channels
 * are not asked; a disabled endpoint gets nothing. @throws EntityNotFound; @throws MessageUnsent; @throws MissingPayload
 */
export class ResendMessage extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly applicationId: string,
    readonly messageId: string,
    readonly endpointId: string,
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'delivery.resend',
  text: replan(
    `message_ AS MATERIALIZED (
      SELECT id, event_type, length(payload) AS payload_bytes, ${SENDABLE} AS whole, canceled_at IS NOT NULL OR deliver_at > now() AS unsent FROM message m
       WHERE id = $3 AND organization_id = $1 AND application_id = $2
    ), wanted AS MATERIALIZED (
      SELECT m.id AS message_id, e.id AS endpoint_id, e.organization_id, e.application_id, m.event_type, m.payload_bytes
        FROM message_ m JOIN endpoint e ON e.id = $4 AND e.organization_id = $1 AND e.application_id = $2
       WHERE m.whole AND NOT e.disabled AND e.deleted_at IS NULL
    )`,
    '(SELECT whole FROM message_) AS whole, (SELECT unsent FROM message_) AS unsent',
  ),
};

@CommandHandler(ResendMessage)
export class ResendMessageHandler implements ICommandHandler<ResendMessage> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId, applicationId, messageId, endpointId }: ResendMessage): Promise<void> {
    const [row] = await this.sql.run<{ whole: boolean | null; unsent: boolean | null }>(STATEMENT, [
      organizationId,
      applicationId,
      messageId,
      endpointId,
    ]);
    if (!row || row.whole === null) throw new EntityNotFound();
    if (row.unsent) throw new MessageUnsent();
    if (!row.whole) throw new MissingPayload();
  }
}
