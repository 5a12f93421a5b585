import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { firstIdAt } from '../../../../platform/ids/id';
import { Clock } from '../../../../platform/time/clock';

export type EndpointStats = {
  /** Attempts. */
  readonly success: number;
  readonly fail: number;
  /** Deliveries of messages of that time, as they are now. */
  readonly pending: number;
  readonly sending: number;
  readonly canceled: number;
};

/** @throws InvalidField for a range that is too long, ends in the future or before it begins */
export class GetEndpointStats extends Query<EndpointStats> {
  constructor(
    readonly organizationId: string,
    readonly endpointId: string,
    readonly since: Date | undefined,
    readonly until: Date | undefined,
  ) {
    super();
  }
}

const MAX_RANGE_MS = 28 * 86_400_000;
/** For clocks that are not quite ours. */
const SLACK_MS = 300_000;

const STATEMENT = {
  name: 'delivery.endpoint_stats',
  text: `
    SELECT a.success, a.fail, p.pending, p.sending, c.canceled
      FROM (SELECT count(*) FILTER (WHERE status = 0)::int AS success, count(*) FILTER (WHERE status = 2)::int AS fail
              FROM attempt WHERE organization_id = $1 AND endpoint_id = $2 AND id >= $3 AND id < $4) a,
           (SELECT count(*) FILTER (WHERE status = 1)::int AS pending, count(*) FILTER (WHERE status = 3)::int AS sending
              FROM pending_delivery WHERE organization_id = $1 AND endpoint_id = $2 AND message_id >= $5 AND message_id < $6) p,
           (SELECT count(*)::int AS canceled FROM settled_delivery s
             WHERE organization_id = $1 AND endpoint_id = $2 AND status = 4 AND message_id >= $5 AND message_id < $6) c`,
};

@QueryHandler(GetEndpointStats)
export class GetEndpointStatsHandler implements IQueryHandler<GetEndpointStats> {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, endpointId, ...range }: GetEndpointStats): Promise<EndpointStats> {
    const { since, until } = this.checked(range);
    const bounds = ['atmpt', 'msg'].flatMap((prefix) => [firstIdAt(prefix, since), firstIdAt(prefix, until)]);
    const [stats] = await this.sql.run<EndpointStats>(STATEMENT, [organizationId, endpointId, ...bounds]);
    if (!stats) throw new Error('An aggregate without a row.');
    return stats;
  }

  private checked({ since, until }: Pick<GetEndpointStats, 'since' | 'until'>): { since: Date; until: Date } {
    const now = this.clock.now();
    const end = until ?? now;
    const start = since ?? new Date(end.getTime() - MAX_RANGE_MS);
    if (end.getTime() > now.getTime() + SLACK_MS) throw new InvalidField(['query', 'until'], 'must not be in the future');
    if (start > end) throw new InvalidField(['query', 'since'], 'must not be after until');
    if (end.getTime() - start.getTime() > MAX_RANGE_MS + SLACK_MS)
      throw new InvalidField(['query', 'since'], 'must be at most 28 days before until');
    return { since: start, until: end };
  }
}
