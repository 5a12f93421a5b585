import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { HELD } from '../../../../platform/retention/legal-hold';

const BATCH = 500;

/** Deletes the payloads whose time is over. They have not been shown or sent since then. @returns how many there were */
export class ExpirePayloads extends Command<number> {}

const STATEMENT = {
  name: 'message.expire_payloads',
  text: `
    WITH gone AS (
      UPDATE message SET payload = NULL
       WHERE id = ANY (ARRAY(
               SELECT id FROM message
                WHERE payload IS NOT NULL AND payload_expires_at <= now()
                  AND organization_id NOT IN ${HELD} ORDER BY payload_expires_at LIMIT $1 FOR UPDATE SKIP LOCKED))
      RETURNING 1
    )
    SELECT count(*)::int AS expired FROM gone`,
};

@CommandHandler(ExpirePayloads)
export class ExpirePayloadsHandler implements ICommandHandler<ExpirePayloads> {
  constructor(private readonly sql: Sql) {}

  async execute(): Promise<number> {
    let total = 0;
    for (;;) {
      const [{ expired } = { expired: 0 }] = await this.sql.run<{ expired: number }>(STATEMENT, [BATCH]);
      total += expired;
      if (expired < BATCH) return total;
    }
  }
}
