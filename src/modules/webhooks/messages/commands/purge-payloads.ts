import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { TypeOrmUnitOfWork } from '../../../../platform/database/unit-of-work';
import { HELD } from '../../../../platform/retention/legal-hold';

export type PurgeInput = { readonly applicationId: string; /** Messages up to this one. */ readonly untilId: string };

export type PurgeCursor = { readonly afterId: string; readonly purged: number };

/** The payloads of the next messages of an application. Joins the transaction of the task. @returns null when there are no more */
export class PurgePayloads extends Command<PurgeCursor | null> {
  constructor(
    readonly organizationId: string,
    readonly input: PurgeInput,
    readonly cursor: PurgeCursor,
  ) {
    super();
  }
}

const CHUNK = 1_000;

/** A look-up for each message, with the bounds of the chunk: so only its partitions are read. A hold that comes meanwhile stops it. */
const STATEMENT = `
  WITH chunk AS MATERIALIZED (
    SELECT id FROM message WHERE organization_id = $1 AND application_id = $2 AND id > $3 AND id <= $4 ORDER BY id LIMIT $5
  ), gone AS (
    UPDATE message SET payload = NULL
     WHERE id = ANY (ARRAY(SELECT id FROM chunk)) AND payload IS NOT NULL AND organization_id NOT IN ${HELD}
       AND id >= (SELECT min(id) FROM chunk) AND id <= (SELECT max(id) FROM chunk)
    RETURNING 1
  )
  SELECT (SELECT max(id) FROM chunk) AS last, (SELECT count(*)::int FROM gone) AS purged`;

@CommandHandler(PurgePayloads)
export class PurgePayloadsHandler implements ICommandHandler<PurgePayloads> {
  constructor(private readonly uow: TypeOrmUnitOfWork) {}

  async execute({ organizationId, input, cursor }: PurgePayloads): Promise<PurgeCursor | null> {
    const values = [organizationId, input.applicationId, cursor.afterId, input.untilId, CHUNK];
    const [chunk] = await this.uow.manager.query<{ last: string | null; purged: number }[]>(STATEMENT, values);
    return chunk?.last ? { afterId: chunk.last, purged: cursor.purged + chunk.purged } : null;
  }
}
