import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';

export type KeyStatus = {
  /** How many data keys each key of `ENCRYPTION_KEYS` wraps. One that is not here may be taken away. */
  readonly encryptionKeys: Readonly<Record<string, number>>;
  readonly dataKeys: { readonly current: number; readonly retired: number; readonly oldestCurrent: Date | null };
};

export class GetKeyStatus extends Query<KeyStatus> {}

@QueryHandler(GetKeyStatus)
export class GetKeyStatusHandler implements IQueryHandler<GetKeyStatus> {
  constructor(private readonly sql: Sql) {}

  async execute(): Promise<KeyStatus> {
    const wrapping = await this.sql.run<{ id: string; count: number }>(
      'SELECT key_ring_id AS id, count(*)::int AS count FROM data_key GROUP BY key_ring_id ORDER BY key_ring_id',
    );
    const [dataKeys] = await this.sql.run<KeyStatus['dataKeys']>(
      `SELECT count(*) FILTER (WHERE retired_at IS NULL)::int AS current, count(retired_at)::int AS retired,
              min(created_at) FILTER (WHERE retired_at IS NULL) AS "oldestCurrent" FROM data_key`,
    );
    return {
      encryptionKeys: Object.fromEntries(wrapping.map(({ id, count }) => [id, count])),
      dataKeys: dataKeys ?? { current: 0, retired: 0, oldestCurrent: null },
    };
  }
}
