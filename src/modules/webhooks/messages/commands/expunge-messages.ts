import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { refuseIfHeld } from '../../../../platform/retention/legal-hold';

export type Expunged = Readonly<Record<string, 'expunged' | 'not-found'>>;

/** Deletes payloads for good; messages are named by their ids or event ids. What was not delivered yet will not be. @throws UnderLegalHold */
export class ExpungeMessages extends Command<Expunged> {
  constructor(
    readonly organizationId: string,
    readonly applicationId: string,
    readonly named: readonly string[],
  ) {
    super();
  }
}

/** The bounds say which partitions hold the ids. */
const STATEMENT = {
  name: 'message.expunge',
  text: `
    WITH named AS (
      SELECT n.name, coalesce(e.message_id, n.name) AS id
        FROM unnest($3::text[]) AS n (name)
        LEFT JOIN message_event_id e ON e.application_id = $2 AND e.event_id = n.name
    ), gone AS (
      UPDATE message SET payload = NULL
       WHERE organization_id = $1 AND application_id = $2 AND id = ANY (ARRAY(SELECT id FROM named))
         AND id >= (SELECT min(id) FROM named) AND id <= (SELECT max(id) FROM named)
      RETURNING id
    )
    SELECT name FROM named JOIN gone USING (id)`,
};

@CommandHandler(ExpungeMessages)
export class ExpungeMessagesHandler implements ICommandHandler<ExpungeMessages> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId, applicationId, named }: ExpungeMessages): Promise<Expunged> {
    await refuseIfHeld(this.sql, organizationId);
    const possible = named.filter((name) => IDENTIFIER.test(name));
    const rows = await this.sql.run<{ name: string }>(STATEMENT, [organizationId, applicationId, possible]);
    const found = new Set(rows.map(({ name }) => name));
    return Object.fromEntries(named.map((name) => [name, found.has(name) ? 'expunged' : 'not-found']));
  }
}
