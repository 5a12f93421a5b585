import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { type FeatureFlags, visible } from './event-type-view';

/** Those of the names that nobody can subscribe to: unknown or archived, or hidden from a caller with these feature flags. */
export class FindUnavailableEventTypes extends Query<string[]> {
  constructor(
    readonly organizationId: string,
    readonly names: readonly string[],
    readonly featureFlags: FeatureFlags = null,
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'event_type.unavailable',
  text: `SELECT wanted.name FROM unnest($2::text[]) AS wanted (name)
          WHERE NOT EXISTS (SELECT FROM event_type t WHERE t.organization_id = $1 AND t.name = wanted.name AND NOT t.archived
                               AND ${visible('$3')})`,
};

@QueryHandler(FindUnavailableEventTypes)
export class FindUnavailableEventTypesHandler implements IQueryHandler<FindUnavailableEventTypes> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId, names, featureFlags }: FindUnavailableEventTypes): Promise<string[]> {
    const rows = await this.sql.run<{ name: string }>(STATEMENT, [organizationId, names, featureFlags]);
    return rows.map(({ name }) => name);
  }
}
