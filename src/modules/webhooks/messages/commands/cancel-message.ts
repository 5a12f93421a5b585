import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { NotScheduled } from '../domain/message.errors';

/** It will never be delivered. @throws NotScheduled when its time has come, or it never had to wait */
export class CancelMessage extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly messageId: string,
  ) {
    super();
  }
}

/** Whoever takes the row out of `scheduled_message` decides what becomes of the message. */
const STATEMENT = {
  name: 'message.cancel',
  text: `
    WITH taken AS (DELETE FROM scheduled_message WHERE message_id = $2 AND organization_id = $1 RETURNING message_id)
    UPDATE message SET canceled_at = now() WHERE id = $2 AND id IN (SELECT message_id FROM taken) RETURNING id`,
};

@CommandHandler(CancelMessage)
export class CancelMessageHandler implements ICommandHandler<CancelMessage> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId, messageId }: CancelMessage): Promise<void> {
    const [canceled] = await this.sql.run<{ id: string }>(STATEMENT, [organizationId, messageId]);
    if (!canceled) throw new NotScheduled();
  }
}
