import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, mergedLists, type PageRequest, seek, sortedLookup } from '../../../../platform/http/list-page';
import { idWindow } from '../../../../platform/http/time-window';
import { Clock } from '../../../../platform/time/clock';
import type { MessageView } from '../message-json';
import { type Candidate, searchByLabel } from './label-search';
import { messageView } from './message-row';
import { messagesById } from './messages-by-id';

export type MessageFilter = {
  readonly channel?: string | undefined;
  readonly tag?: string | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  readonly before?: Date | undefined;
  readonly after?: Date | undefined;
};

export class ListMessages extends Query<ListPage<MessageView>> {
  constructor(
    readonly organizationId: string,
    readonly applicationId: string,
    readonly filter: MessageFilter,
    readonly page: PageRequest,
    readonly withContent: boolean,
  ) {
    super();
  }
}

const ids = (key: string, beyond: string, direction: string, order = '') => `
  SELECT id, id AS key, id AS message_id FROM message
   WHERE organization_id = $1 AND application_id = $2 ${key} AND id ${beyond} $3 AND id > $6 AND id < $7
   ORDER BY ${order} id ${direction} LIMIT $4`;

const ALL = bothWays('message.list', (beyond, direction) => ids('AND $5::text[] IS NULL', beyond, direction));
const BY_TYPE = bothWays('message.list by type', (beyond, direction) =>
  mergedLists(
    '$5::text[]',
    (member) => ids(`AND ${sortedLookup('event_type', member, 'id', beyond)}`, beyond, direction, `event_type ${direction},`),
    direction,
    '$4',
  ),
);
const AMONG = bothWays('message.list among', (beyond, direction) =>
  ids('AND id = ANY ($8::text[]) AND ($5::text[] IS NULL OR event_type = ANY ($5))', beyond, direction),
);

/** Newest first or last: the ids by an index that is sorted like the list, and then what belongs to them. */
@QueryHandler(ListMessages)
export class ListMessagesHandler implements IQueryHandler<ListMessages> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, applicationId, filter, page, withContent }: ListMessages): Promise<ListPage<MessageView>> {
    const { way, cursor, take } = seek(page);
    const eventTypes = filter.eventTypes ? [...new Set(filter.eventTypes)] : null;
    const window = idWindow('msg', page, filter, this.clock.now());
    const query = (eventTypes ? BY_TYPE : ALL)[way];
    const values = (beyond: string | null, limit: number) => [
      organizationId,
      applicationId,
      beyond ?? cursor,
      limit,
      eventTypes,
      window.from,
      window.to,
    ];
    const list = {
      look: (beyond: string | null, limit: number) => this.sql.run<Candidate>(query, values(beyond, limit)),
      among: (labelled: readonly string[], limit: number) => this.sql.run<Candidate>(AMONG[way], [...values(null, limit), labelled]),
    };
    const { channel, tag } = filter;
    const unlabelled = channel === undefined && tag === undefined;
    const found = unlabelled
      ? await list.look(null, take)
      : await searchByLabel(this.sql, { organizationId, window, take }, { channel, tag }, list);
    const messages = await messagesById(
      this.sql,
      found.map(({ message_id }) => message_id),
    );
    return listPage(
      found.flatMap(({ key }) => messages.get(key) ?? []),
      page,
      ({ id }) => id,
      (row) => messageView(this.cipher, row, withContent),
    );
  }
}
