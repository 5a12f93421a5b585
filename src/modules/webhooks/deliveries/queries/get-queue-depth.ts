import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../../config/env';
import { Sql } from '../../../../platform/database/sql';
import { SILENCE_SECONDS } from '../heartbeat';

export type QueueDepth = {
  /** Scheduled for now or earlier. */
  readonly waiting: number;
  /** Scheduled for later: retries, mostly. */
  readonly delayed: number;
  readonly active: number;
  /** How long the oldest delivery has waited that any worker could send now: not held back by limits of its own endpoint or tenant. */
  readonly oldestDueSeconds: number;
  readonly workers: number;
  readonly openCircuits: number;
  readonly unpublished: number;
  readonly oldestUnpublishedSeconds: number;
};

export class GetQueueDepth extends Query<QueueDepth> {}

/** 32 MiB of a table, some hundred thousand deliveries, are counted; of a larger one a sample, so that a backlog costs no more to look at. */
const MAX_PAGES = 4_096;
/** Lanes that have waited longest, in which the oldest due delivery is looked for. */
const MAX_LANES = 500;

/**
 * A lane that is due says that something can be sent now; one that is held by its cap, its rate or its breaker is due later. $1 is
 * the cap of an organization. Leases that ran out are due again too, though no worker is there to free them.
 */
const STATEMENT = {
  name: 'delivery.queue_depth',
  text: `
    WITH share AS MATERIALIZED (
      SELECT least(100, 100.0 * ${MAX_PAGES} / greatest(1, pg_relation_size('pending_delivery') / current_setting('block_size')::int))::float8 AS percent
    ), full_ AS MATERIALIZED (
      SELECT organization_id FROM pending_delivery WHERE status = 3 GROUP BY organization_id HAVING count(*) >= $1
    ), lane AS MATERIALIZED (
      SELECT endpoint_id FROM delivery_lane
       WHERE due_at <= now() AND coalesce(organization_id, '') <> ALL (ARRAY(SELECT organization_id FROM full_))
       ORDER BY due_at LIMIT ${MAX_LANES}
    ), head AS (
      SELECT next_at FROM lane CROSS JOIN LATERAL (
        (SELECT next_at FROM pending_delivery p WHERE p.endpoint_id = lane.endpoint_id AND p.status = 1 AND p.position = 0 ORDER BY next_at LIMIT 1)
        UNION ALL
        (SELECT next_at FROM pending_delivery p WHERE p.endpoint_id = lane.endpoint_id AND p.status = 1 AND p.position > 0 ORDER BY position LIMIT 1)
      ) first_
      UNION ALL
      SELECT lease_until FROM pending_delivery WHERE status = 3 AND lease_until < now()
    ), unpublished AS (
      (SELECT accepted_at AS at FROM message_outbox ORDER BY position LIMIT 1)
      UNION ALL
      (SELECT min(due_at) FROM filter_candidate WHERE due_at <= now())
    )
    SELECT round(p.waiting * 100 / share.percent)::float8 AS waiting, round(p.delayed * 100 / share.percent)::float8 AS delayed,
           (SELECT count(*)::int FROM pending_delivery WHERE status = 3) AS active,
           (SELECT coalesce(extract(epoch FROM now() - min(next_at)), 0)::float8 FROM head WHERE next_at <= now()) AS "oldestDueSeconds",
           (SELECT count(*)::int FROM worker WHERE heartbeat_at > now() - interval '${SILENCE_SECONDS} s') AS workers,
           (SELECT count(*)::int FROM delivery_lane WHERE open_until IS NOT NULL) AS "openCircuits",
           (SELECT count(*) FROM message_outbox)::int + (SELECT count(*) FROM filter_candidate WHERE due_at <= now())::int AS unpublished,
           (SELECT greatest(0, coalesce(extract(epoch FROM now() - min(at)), 0))::float8 FROM unpublished) AS "oldestUnpublishedSeconds"
      FROM share CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE next_at <= now()) AS waiting, count(*) FILTER (WHERE next_at > now()) AS delayed
          FROM pending_delivery TABLESAMPLE SYSTEM (share.percent) WHERE status = 1) p`,
};

@QueryHandler(GetQueueDepth)
export class GetQueueDepthHandler implements IQueryHandler<GetQueueDepth> {
  private readonly organizationCap: number;

  constructor(
    private readonly sql: Sql,
    @Inject(CONFIG) { delivery }: Config,
  ) {
    this.organizationCap = delivery.organizationMaxInFlight;
  }

  async execute(): Promise<QueueDepth> {
    const [depth] = await this.sql.run<QueueDepth>(STATEMENT, [this.organizationCap]);
    if (!depth) throw new Error('An aggregate without a row.');
    return depth;
  }
}
