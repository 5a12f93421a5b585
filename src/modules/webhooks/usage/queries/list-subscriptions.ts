import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';

export type SubscriptionsView = {
  readonly appId: string;
  readonly explicitlySubscribedEventTypes: readonly string[];
  /** One endpoint at least takes all event types. */
  readonly hasCatchAllEndpoint: boolean;
};

/** What the endpoints of applications subscribe to; the next ones after an application. */
export class ListSubscriptions extends Query<SubscriptionsView[]> {
  constructor(
    readonly organizationId: string,
    readonly afterId: string,
    readonly limit: number,
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'usage.subscriptions',
  text: `
    SELECT a.id AS "appId",
           ARRAY(SELECT DISTINCT t.name FROM endpoint e CROSS JOIN unnest(e.event_types) AS t (name)
                  WHERE e.application_id = a.id AND e.deleted_at IS NULL ORDER BY t.name) AS "explicitlySubscribedEventTypes",
           EXISTS (SELECT 1 FROM endpoint e
                    WHERE e.application_id = a.id AND e.deleted_at IS NULL AND e.event_types IS NULL) AS "hasCatchAllEndpoint"
      FROM application a
     WHERE a.organization_id = $1 AND a.deleted_at IS NULL AND a.id > $2
     ORDER BY a.id LIMIT $3`,
};

@QueryHandler(ListSubscriptions)
export class ListSubscriptionsHandler implements IQueryHandler<ListSubscriptions> {
  constructor(private readonly sql: Sql) {}

  execute({ organizationId, afterId, limit }: ListSubscriptions): Promise<SubscriptionsView[]> {
    return this.sql.run<SubscriptionsView>(STATEMENT, [organizationId, afterId, limit]);
  }
}
