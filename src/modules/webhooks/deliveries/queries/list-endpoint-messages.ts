import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, mergedLists, type PageRequest, seek } from '../../../../platform/http/list-page';
import { idWindow } from '../../../../platform/http/time-window';
import { Clock } from '../../../../platform/time/clock';
import { MESSAGE_COLUMNS, type MessageRow, messageView, type MessageView } from '../../messages';
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

type Part = { readonly table: string; readonly nextAttempt: string; readonly also: string };

const PENDING: Part = { table: 'pending_delivery', nextAttempt: 'd.next_at', also: '' };
const SETTLED: Part = {
  table: 'settled_delivery',
  nextAttempt: 'NULL::timestamptz',
  also: 'AND NOT EXISTS (SELECT 1 FROM pending_delivery p WHERE p.message_id = d.message_id AND p.endpoint_id = d.endpoint_id)',
};

/** What only the message itself knows. Callers know its time to the millisecond; later than that begins one after. */
const UNASKED = '$9::text[] IS NULL AND $10::text[] IS NULL AND $11::timestamptz IS NULL AND $12::timestamptz IS NULL';
const ASKED = `EXISTS (
  SELECT 1 FROM message c
   WHERE c.id = d.message_id AND ($9::text[] IS NULL OR c.channels @> $9) AND ($10::text[] IS NULL OR c.tags @> $10)
     AND ($11::timestamptz IS NULL OR c.created_at >= $11 + interval '1 ms') AND ($12::timestamptz IS NULL OR c.created_at < $12))`;

/** A page of one of the two tables. */
const rows = ({ table, nextAttempt, also }: Part, key: string, asked: boolean, beyond: string, direction: string) => `
  SELECT d.message_id AS id, d.status AS delivery_status, ${nextAttempt} AS next_attempt FROM ${table} d
   WHERE d.organization_id = $1 AND d.endpoint_id = $2 ${key} AND d.message_id ${beyond} $3 AND d.message_id > $7 AND d.message_id < $8
     AND ($6::text[] IS NULL OR d.event_type = ANY ($6))
     AND ${asked ? ASKED : UNASKED} ${also}
   ORDER BY d.message_id ${direction} LIMIT $4`;

/** What the index is asked for: each filter has one, so that none reads a history for a page. */
type Lookup = 'endpoint' | 'endpoint and status' | 'endpoint and type';

const statement = (lookup: Lookup, asked: boolean) =>
  bothWays(`delivery.messages by ${lookup}${asked ? ', asked' : ''}`, (beyond, direction) => {
    const of = (part: Part) => {
      if (lookup === 'endpoint and status') return rows(part, 'AND d.status = $5', asked, beyond, direction);
      if (lookup === 'endpoint') return rows(part, 'AND $5::int IS NULL', asked, beyond, direction);
      const each = (member: string) => rows(part, `AND $5::int IS NULL AND d.event_type = ${member}`, asked, beyond, direction);
      return mergedLists('$6::text[]', each, direction, '$4');
    };
    return `
      SELECT ${MESSAGE_COLUMNS}, delivery_status, next_attempt
        FROM ((${of(PENDING)}) UNION ALL (${of(SETTLED)})) delivery JOIN message USING (id)
       ORDER BY id ${direction} LIMIT $4`;
  });

@QueryHandler(ListEndpointMessages)
export class ListEndpointMessagesHandler implements IQueryHandler<ListEndpointMessages> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, endpointId, filter, page, shown }: ListEndpointMessages): Promise<ListPage<EndpointMessageView>> {
    const { way, cursor, take } = seek(page);
    const { status = null, channel, tag, before, after } = filter;
    const { from, to } = idWindow('msg', page, filter, this.clock.now());
    const eventTypes = filter.eventTypes ? [...new Set(filter.eventTypes)] : null;
    const lookup = status !== null ? 'endpoint and status' : eventTypes ? 'endpoint and type' : 'endpoint';
    const labels = [channel, tag].map((label) => (label === undefined ? null : [label]));
    const values = [organizationId, endpointId, cursor, take, status, eventTypes, from, to, ...labels, after, before];
    const asked = [channel, tag, before, after].some((value) => value !== undefined);
    const query = statement(lookup, asked)[way];
    // How many messages have a label decides how to look for it, so that is planned each time.
    const found = await this.sql.run<Row>(channel === undefined && tag === undefined ? query : query.text, values);
    return listPage(
      found,
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
