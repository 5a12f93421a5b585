import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';

/** The next applications after an id, out of those that are named, or of all; `total` is how many there are. */
export class ListApplicationIds extends Query<{ readonly ids: readonly string[]; readonly total: number }> {
  constructor(
    readonly organizationId: string,
    readonly among: readonly string[] | null,
    readonly afterId: string,
    readonly limit: number,
  ) {
    super();
  }
}

const IDS = {
  name: 'usage.application_ids',
  text: `
    SELECT id FROM application
     WHERE organization_id = $1 AND deleted_at IS NULL AND id > $2 AND ($3::text[] IS NULL OR id = ANY ($3)) ORDER BY id LIMIT $4`,
};

const TOTAL = {
  name: 'usage.application_count',
  text: `SELECT count(*)::int AS total FROM application WHERE organization_id = $1 AND deleted_at IS NULL`,
};

@QueryHandler(ListApplicationIds)
export class ListApplicationIdsHandler implements IQueryHandler<ListApplicationIds> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId, among, afterId, limit }: ListApplicationIds) {
    const rows = await this.sql.run<{ id: string }>(IDS, [organizationId, afterId, among, limit]);
    const total = among?.length ?? (await this.sql.run<{ total: number }>(TOTAL, [organizationId]))[0]?.total ?? 0;
    return { ids: rows.map(({ id }) => id), total };
  }
}
