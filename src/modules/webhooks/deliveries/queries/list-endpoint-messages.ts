import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../../platform/http/list-page';
import { MESSAGE_COLUMNS, type MessageRow, messageView, type MessageView } from '../../messages';
import { idsBetween } from './ids-between';
import { shownStatus, type ShownStatus } from './shown-status';

export type EndpointMessageFilter = {
  readonly status?: number | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  readonly channel?: string | undefined;
  readonly tag?: string | undefined;
  readonly before?: Date | undefined;
  readonly after?: Date | undefined;
};

export type EndpointMessageView = MessageView & ShownStatus & { readonly nextAttempt: Date | null };

/** Messages that went to an endpoint or are on their way, newest first, each with what became of it. */
export class ListEndpointMessages extends Query<ListPage<EndpointMessageView>> {
  constructor(
    readonly organizationId: string,
    readonly endpointId: string,
    readonly filter: EndpointMessageFilter,
    readonly page: PageRequest,
    readonly shown: { readonly withContent: boolean; readonly expandedStatuses: boolean },
  ) {
    super();
  }
}

type Row = MessageRow & { delivery_status: number; next_attempt: Date | null };

/**
 * A page of one of the two tables, so that each is read in its order and no further than the page needs. Callers know the time
 * of a message to the millisecond; later than that begins one after.
 */
const part = (table: string, nextAttempt: string, beyond: string, direction: string, also = '') => `
  SELECT d.message_id, d.status AS delivery_status, ${nextAttempt} AS next_attempt FROM ${table} d
   WHERE d.organization_id = $1 AND d.endpoint_id = $2 AND d.message_id ${beyond} $3
     AND ($5::int IS NULL OR d.status = $5) AND ($6::text[] IS NULL OR d.event_type = ANY ($6))
     AND ($8::text IS NULL OR d.message_id >= $8) AND ($9::text IS NULL OR d.message_id < $9)
     AND (($7::text IS NULL AND $12::text IS NULL AND $10::timestamptz IS NULL AND $11::timestamptz IS NULL) OR EXISTS (
           SELECT 1 FROM message c
            WHERE c.id = d.message_id AND ($7 IS NULL OR $7 = ANY (c.channels)) AND ($12 IS NULL OR $12 = ANY (c.tags))
              AND ($10 IS NULL OR c.created_at >= $10 + interval '1 ms') AND ($11 IS NULL OR c.created_at < $11))) ${also}
   ORDER BY d.message_id ${direction} LIMIT $4`;

const NOT_PENDING = 'AND NOT EXISTS (SELECT 1 FROM pending_delivery p WHERE p.message_id = d.message_id AND p.endpoint_id = d.endpoint_id)';

const STATEMENT = bothWays(
  'delivery.messages_of_endpoint',
  (beyond, direction) => `
    SELECT ${MESSAGE_COLUMNS}, delivery_status, next_attempt
      FROM ((${part('pending_delivery', 'd.next_at', beyond, direction)})
             UNION ALL
            (${part('settled_delivery', 'NULL', beyond, direction, NOT_PENDING)})) delivery
      JOIN message ON message.id = delivery.message_id
     ORDER BY message.id ${direction} LIMIT $4`,
);

@QueryHandler(ListEndpointMessages)
export class ListEndpointMessagesHandler implements IQueryHandler<ListEndpointMessages> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, endpointId, filter, page, shown }: ListEndpointMessages): Promise<ListPage<EndpointMessageView>> {
    const { way, cursor, take } = seek(page);
    const { status = null, eventTypes = null, channel = null, tag = null, before, after } = filter;
    const bounds = [...idsBetween('msg', after, before), after, before, tag];
    const values = [organizationId, endpointId, cursor, take, status, eventTypes, channel, ...bounds];
    const rows = await this.sql.run<Row>(STATEMENT[way], values);
    return listPage(
      rows,
      page,
      ({ id }) => id,
      async (row) => ({
        ...(await messageView(this.cipher, row, shown.withContent)),
        ...shownStatus(row.delivery_status, shown.expandedStatuses),
        nextAttempt: row.next_attempt,
      }),
    );
  }
}
