import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';

export type FoundApplication = { readonly ref: string; readonly id: string; readonly uid: string | null };

/** The applications that are named by ids or uids; names of nothing are left out. */
export class FindApplications extends Query<FoundApplication[]> {
  constructor(
    readonly organizationId: string,
    readonly refs: readonly string[],
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'usage.find_applications',
  text: `
    SELECT named.ref, a.id, a.uid FROM unnest($2::text[]) AS named (ref) CROSS JOIN LATERAL (
      SELECT id, uid FROM application WHERE id = named.ref AND organization_id = $1 AND deleted_at IS NULL
       UNION
      SELECT id, uid FROM application WHERE organization_id = $1 AND uid = named.ref AND deleted_at IS NULL) a`,
};

@QueryHandler(FindApplications)
export class FindApplicationsHandler implements IQueryHandler<FindApplications> {
  constructor(private readonly sql: Sql) {}

  execute({ organizationId, refs }: FindApplications): Promise<FoundApplication[]> {
    return this.sql.run<FoundApplication>(STATEMENT, [organizationId, refs]);
  }
}
