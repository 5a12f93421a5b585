import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../../platform/http/list-page';
import { shownStatus, type ShownStatus } from './shown-status';

/** An endpoint as it is today, with what became of one message there. */
export type MessageEndpointView = ShownStatus & {
  readonly id: string;
  readonly uid: string | null;
  readonly url: string;
  readonly description: string;
  readonly disabled: boolean;
  readonly eventTypes: readonly string[] | null;
  readonly filterTypes: readonly string[] | null;
  readonly channels: readonly string[] | null;
  readonly throttleRate: number | null;
  readonly rateLimit: number | null;
  readonly version: 1;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly nextAttempt: Date | null;
};

/** Where a message went or is on its way to; endpoints that are deleted by now included, for they are a part of its story. */
export class ListMessageEndpoints extends Query<ListPage<MessageEndpointView>> {
  constructor(
    readonly organizationId: string,
    readonly messageId: string,
    readonly page: PageRequest,
    readonly expandedStatuses: boolean,
  ) {
    super();
  }
}

type Row = {
  id: string;
  uid: string | null;
  url: Buffer;
  description: Buffer;
  disabled: boolean;
  event_types: string[] | null;
  channels: string[] | null;
  throttle_rate: number | null;
  created_at: Date;
  updated_at: Date;
  status: number;
  next_at: Date | null;
};

const STATEMENT = bothWays(
  'delivery.endpoints_of_message',
  (beyond, direction) => `
    SELECT e.id, e.uid, e.url, e.description, e.disabled, e.event_types, e.channels, e.throttle_rate, e.created_at, e.updated_at,
           d.status, d.next_at
      FROM delivery d JOIN endpoint e ON e.id = d.endpoint_id
     WHERE d.organization_id = $1 AND d.message_id = $2 AND d.endpoint_id ${beyond} $3
     ORDER BY d.endpoint_id ${direction} LIMIT $4`,
);

@QueryHandler(ListMessageEndpoints)
export class ListMessageEndpointsHandler implements IQueryHandler<ListMessageEndpoints> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, messageId, page, expandedStatuses }: ListMessageEndpoints): Promise<ListPage<MessageEndpointView>> {
    const { way, cursor, take } = seek(page);
    const rows = await this.sql.run<Row>(STATEMENT[way], [organizationId, messageId, cursor, take]);
    return listPage(
      rows,
      page,
      ({ id }) => id,
      (row) => this.view(row, expandedStatuses),
    );
  }

  private async view(row: Row, expandedStatuses: boolean): Promise<MessageEndpointView> {
    const open = (column: 'url' | 'description') => this.cipher.openJson<string>(columnContext('endpoint', column, row.id), row[column]);
    return {
      ...shownStatus(row.status, expandedStatuses),
      id: row.id,
      uid: row.uid,
      url: await open('url'),
      description: await open('description'),
      disabled: row.disabled,
      eventTypes: row.event_types,
      filterTypes: row.event_types,
      channels: row.channels,
      throttleRate: row.throttle_rate,
      rateLimit: row.throttle_rate,
      version: 1,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      nextAttempt: row.next_at,
    };
  }
}
