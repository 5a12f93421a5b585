import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, mergedLists, type PageRequest, seek, sortedLookup } from '../../../../platform/http/list-page';
import { idWindow } from '../../../../platform/http/time-window';
import { Clock } from '../../../../platform/time/clock';
import { type Candidate, messagesById, messageView, type MessageView, searchByLabel } from '../../messages';
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

type Delivery = Candidate & { readonly status: number; readonly next_attempt: Date | null };

type Part = { readonly table: string; readonly nextAttempt: string; readonly also: string };

const PENDING: Part = { table: 'pending_delivery', nextAttempt: 'd.next_at', also: '' };
const SETTLED: Part = {
  table: 'settled_delivery',
  nextAttempt: 'NULL::timestamptz',
  also: 'AND NOT EXISTS (SELECT 1 FROM pending_delivery p WHERE p.message_id = d.message_id AND p.endpoint_id = d.endpoint_id)',
};

/** A page of one of the two tables. */
const rows = ({ table, nextAttempt, also }: Part, key: string, beyond: string, direction: string, order = '') => `
  SELECT d.message_id AS id, d.message_id AS key, d.message_id, d.status, ${nextAttempt} AS next_attempt FROM ${table} d
   WHERE d.organization_id = $1 AND d.endpoint_id = $2 ${key} AND d.message_id ${beyond} $3 AND d.message_id > $7 AND d.message_id < $8
     AND ($6::text[] IS NULL OR d.event_type = ANY ($6)) ${also}
   ORDER BY ${order} d.message_id ${direction} LIMIT $4`;

/** What the index is asked for: each filter has one, so that none reads a history for a page. */
type Lookup = 'endpoint' | 'endpoint and status' | 'endpoint and type';

const statement = (lookup: Lookup) =>
  bothWays(`delivery.messages by ${lookup}`, (beyond, direction) => {
    const by = (part: Part, column: string, value: string) =>
      rows(part, `AND ${sortedLookup(column, value, 'd.message_id', beyond)}`, beyond, direction, `${column} ${direction},`);
    const of = (part: Part) => {
      if (lookup === 'endpoint and status') return by(part, 'd.status', '$5::smallint');
      if (lookup === 'endpoint') return rows(part, 'AND $5::smallint IS NULL', beyond, direction);
      return `SELECT * FROM (${mergedLists('$6::text[]', (member) => by(part, 'd.event_type', member), direction, '$4')}) typed WHERE $5::smallint IS NULL`;
    };
    return `SELECT * FROM ((${of(PENDING)}) UNION ALL (${of(SETTLED)})) delivery ORDER BY id ${direction} LIMIT $4`;
  });

/** One look-up for each of a few messages, whatever lies between them. */
const AMONG = bothWays('delivery.messages among', (beyond, direction) => {
  const key = 'AND d.message_id = wanted.id AND ($5::smallint IS NULL OR d.status = $5)';
  const of = (part: Part) => rows(part, key, beyond, direction);
  return `
    SELECT delivery.* FROM unnest($9::text[]) AS wanted (id) CROSS JOIN LATERAL ((${of(PENDING)}) UNION ALL (${of(SETTLED)})) delivery
     ORDER BY id ${direction} LIMIT $4`;
});

/** The deliveries by an index that is sorted like the list, and then the messages that belong to them. */
@QueryHandler(ListEndpointMessages)
export class ListEndpointMessagesHandler implements IQueryHandler<ListEndpointMessages> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, endpointId, filter, page, shown }: ListEndpointMessages): Promise<ListPage<EndpointMessageView>> {
    const { way, cursor, take } = seek(page);
    const { status = null, channel, tag } = filter;
    const window = idWindow('msg', page, filter, this.clock.now());
    const eventTypes = filter.eventTypes ? [...new Set(filter.eventTypes)] : null;
    const lookup = status !== null ? 'endpoint and status' : eventTypes ? 'endpoint and type' : 'endpoint';
    const values = (beyond: string | null, limit: number) => [
      organizationId,
      endpointId,
      beyond ?? cursor,
      limit,
      status,
      eventTypes,
      window.from,
      window.to,
    ];
    const list = {
      look: (beyond: string | null, limit: number) => this.sql.run<Delivery>(statement(lookup)[way], values(beyond, limit)),
      among: (labelled: readonly string[], limit: number) => this.sql.run<Delivery>(AMONG[way], [...values(null, limit), labelled]),
    };
    const found =
      channel === undefined && tag === undefined
        ? await list.look(null, take)
        : await searchByLabel(this.sql, { organizationId, window, take }, { channel, tag }, list);
    const messages = await messagesById(
      this.sql,
      found.map(({ message_id }) => message_id),
    );
    return listPage(
      found.flatMap((delivery) => {
        const message = messages.get(delivery.message_id);
        return message ? [{ delivery, message }] : [];
      }),
      page,
      ({ delivery }) => delivery.key,
      async ({ delivery, message }) => ({
        ...(await messageView(this.cipher, message, shown.withContent)),
        ...shownStatus(delivery.status, shown.expandedStatuses),
        nextAttempt: delivery.next_attempt,
      }),
    );
  }
}
