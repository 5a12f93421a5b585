import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';

/** By what becomes of messages for them. Estimates in an installation with very many. */
export type EndpointCounts = {
  readonly enabled: number;
  readonly disabledByOwner: number;
  readonly disabledAsGone: number;
  readonly disabledAsFailing: number;
};

export class CountEndpoints extends Query<EndpointCounts> {}

/** 32 MiB of the table; of a larger one a sample. */
const MAX_PAGES = 4_096;

const STATEMENT = {
  name: 'endpoint.count',
  text: `
    WITH share AS MATERIALIZED (
      SELECT least(100, 100.0 * ${MAX_PAGES} / greatest(1, pg_relation_size('endpoint') / current_setting('block_size')::int))::float8 AS percent
    )
    SELECT round(e.enabled * 100 / share.percent)::float8 AS enabled, round(e.owner * 100 / share.percent)::float8 AS "disabledByOwner",
           round(e.gone * 100 / share.percent)::float8 AS "disabledAsGone", round(e.failing * 100 / share.percent)::float8 AS "disabledAsFailing"
      FROM share CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE NOT disabled) AS enabled,
               count(*) FILTER (WHERE disabled AND coalesce(disabled_reason, 'owner') NOT IN ('gone', 'failing')) AS owner,
               count(*) FILTER (WHERE disabled AND disabled_reason = 'gone') AS gone,
               count(*) FILTER (WHERE disabled AND disabled_reason = 'failing') AS failing
          FROM endpoint TABLESAMPLE SYSTEM (share.percent) WHERE deleted_at IS NULL) e`,
};

@QueryHandler(CountEndpoints)
export class CountEndpointsHandler implements IQueryHandler<CountEndpoints> {
  constructor(private readonly sql: Sql) {}

  async execute(): Promise<EndpointCounts> {
    const [counts] = await this.sql.run<EndpointCounts>(STATEMENT);
    if (!counts) throw new Error('An aggregate without a row.');
    return counts;
  }
}
