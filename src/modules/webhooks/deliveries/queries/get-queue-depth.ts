import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';

export type QueueDepth = {
  /** Due now. */
  readonly waiting: number;
  /** Due later. */
  readonly delayed: number;
  readonly active: number;
  readonly oldestDueSeconds: number;
  readonly workers: number;
  readonly openCircuits: number;
  readonly unpublished: number;
  readonly oldestUnpublishedSeconds: number;
};

export class GetQueueDepth extends Query<QueueDepth> {}

const STATEMENT = {
  name: 'delivery.queue_depth',
  text: `
    SELECT p.*, m.*, (SELECT count(*)::int FROM worker WHERE heartbeat_at > now() - interval '12 s') AS workers,
           (SELECT count(*)::int FROM delivery_lane WHERE open_until IS NOT NULL) AS "openCircuits"
      FROM (SELECT count(*) FILTER (WHERE status = 1 AND next_at <= now())::int AS waiting,
                   count(*) FILTER (WHERE status = 1 AND next_at > now())::int AS delayed,
                   count(*) FILTER (WHERE status = 3)::int AS active,
                   coalesce(extract(epoch FROM now() - min(next_at) FILTER (WHERE status = 1 AND next_at <= now())), 0)::float8 AS "oldestDueSeconds"
              FROM pending_delivery) p,
           (SELECT count(*)::int AS unpublished, coalesce(extract(epoch FROM now() - min(at)), 0)::float8 AS "oldestUnpublishedSeconds"
              FROM (SELECT accepted_at AS at FROM message_outbox UNION ALL SELECT due_at FROM observer_job WHERE failed_at IS NULL AND due_at <= now()) u) m`,
};

@QueryHandler(GetQueueDepth)
export class GetQueueDepthHandler implements IQueryHandler<GetQueueDepth> {
  constructor(private readonly sql: Sql) {}

  async execute(): Promise<QueueDepth> {
    const [depth] = await this.sql.run<QueueDepth>(STATEMENT);
    if (!depth) throw new Error('An aggregate without a row.');
    return depth;
  }
}
