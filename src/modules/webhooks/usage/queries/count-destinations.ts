import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { firstIdAt } from '../../../../platform/ids/id';

/** Deliveries of the messages of a time, settled or not, by application; a message for two endpoints counts twice, its retries do not. */
export class CountDestinations extends Query<ReadonlyMap<string, number>> {
  constructor(
    readonly organizationId: string,
    readonly applicationIds: readonly string[],
    readonly since: Date,
    readonly until: Date,
  ) {
    super();
  }
}

/** By endpoint, deleted ones too: theirs is the index that holds deliveries in the order of time. */
const STATEMENT = {
  name: 'usage.count_destinations',
  text: `
    SELECT e.application_id AS id, sum(c.settled + c.pending)::float8 AS destinations
      FROM endpoint e CROSS JOIN LATERAL (
        SELECT (SELECT count(*) FROM settled_delivery s WHERE s.endpoint_id = e.id AND s.message_id >= $3 AND s.message_id < $4) AS settled,
               (SELECT count(*) FROM pending_delivery p
                 WHERE p.endpoint_id = e.id AND p.message_id >= $3 AND p.message_id < $4
                   AND NOT EXISTS (SELECT 1 FROM settled_delivery s
                                    WHERE s.message_id = p.message_id AND s.endpoint_id = p.endpoint_id)) AS pending) c
     WHERE e.organization_id = $1 AND e.application_id = ANY ($2)
     GROUP BY 1`,
};

@QueryHandler(CountDestinations)
export class CountDestinationsHandler implements IQueryHandler<CountDestinations> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId, applicationIds, since, until }: CountDestinations): Promise<ReadonlyMap<string, number>> {
    const values = [organizationId, applicationIds, firstIdAt('msg', since), firstIdAt('msg', until)];
    const rows = await this.sql.run<{ id: string; destinations: number }>(STATEMENT, values);
    return new Map(rows.map(({ id, destinations }) => [id, destinations]));
  }
}
