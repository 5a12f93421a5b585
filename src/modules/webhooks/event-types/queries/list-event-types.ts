import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../../platform/http/list-page';
import { EVENT_TYPE_COLUMNS, type EventTypeRow, eventTypeView, type EventTypeView, type FeatureFlags, visible } from './event-type-view';

/** Event types by name. Without `withSchemas` their schemas are null, whether they have some or not: they can be large. */
export class ListEventTypes extends Query<ListPage<EventTypeView>> {
  constructor(
    readonly organizationId: string,
    readonly page: PageRequest,
    readonly filter: {
      readonly includeArchived: boolean;
      readonly withSchemas: boolean;
      readonly featureFlags: FeatureFlags;
    },
  ) {
    super();
  }
}

const STATEMENT = bothWays(
  'event_type.list',
  (beyond, direction) => `
    SELECT ${EVENT_TYPE_COLUMNS} FROM event_type
     WHERE organization_id = $1 AND name ${beyond} $2 AND ($4 OR NOT archived) AND ${visible('$5')}
     ORDER BY name ${direction} LIMIT $3`,
);

@QueryHandler(ListEventTypes)
export class ListEventTypesHandler implements IQueryHandler<ListEventTypes> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, page, filter }: ListEventTypes): Promise<ListPage<EventTypeView>> {
    const { way, cursor, take } = seek(page);
    const rows = await this.sql.run<EventTypeRow>(STATEMENT[way], [
      organizationId,
      cursor,
      take,
      filter.includeArchived,
      filter.featureFlags,
    ]);
    return listPage(
      rows,
      page,
      ({ name }) => name,
      (row) => eventTypeView(this.cipher, row, filter.withSchemas),
    );
  }
}
