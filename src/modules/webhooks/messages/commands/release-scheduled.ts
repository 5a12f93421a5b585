import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { MESSAGE_CHANNEL } from '../message-channel';

const BATCH = 500;

/** Messages whose time has come go where the others are. @returns how many there were */
export class ReleaseScheduled extends Command<number> {}

const STATEMENT = {
  name: 'message.release_scheduled',
  text: `
    WITH due AS (
      DELETE FROM scheduled_message
       WHERE message_id = ANY (ARRAY(
               SELECT message_id FROM scheduled_message WHERE deliver_at <= now() ORDER BY deliver_at LIMIT $1 FOR UPDATE SKIP LOCKED))
      RETURNING *
    ), announced AS (
      INSERT INTO message_outbox (message_id, organization_id, application_id, event_type, channels, accepted_at, payload_bytes)
      SELECT message_id, organization_id, application_id, event_type, channels, deliver_at, payload_bytes
        FROM due ORDER BY due.deliver_at, message_id
      RETURNING message_id
    )
    SELECT count(*)::int AS released, CASE WHEN count(*) > 0 THEN pg_notify('${MESSAGE_CHANNEL}', '') END FROM announced`,
};

@CommandHandler(ReleaseScheduled)
export class ReleaseScheduledHandler implements ICommandHandler<ReleaseScheduled> {
  constructor(private readonly sql: Sql) {}

  async execute(): Promise<number> {
    let total = 0;
    for (;;) {
      const [{ released } = { released: 0 }] = await this.sql.run<{ released: number }>(STATEMENT, [BATCH]);
      total += released;
      if (released < BATCH) return total;
    }
  }
}
