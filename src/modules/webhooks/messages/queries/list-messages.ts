import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, mergedLists, type PageRequest, seek } from '../../../../platform/http/list-page';
import { idWindow } from '../../../../platform/http/time-window';
import { Clock } from '../../../../platform/time/clock';
import type { MessageView } from '../message-json';
import { MESSAGE_COLUMNS, type MessageRow, messageView } from './message-row';

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

/** Callers know the time of a message to the millisecond; later than that begins one after. */
const rows = (key: string, beyond: string, direction: string, order = '') => `
  SELECT ${MESSAGE_COLUMNS} FROM message
   WHERE organization_id = $1 AND application_id = $2 ${key} AND id ${beyond} $3 AND id > $10 AND id < $11
     AND ($5::text[] IS NULL OR channels @> $5) AND ($9::text[] IS NULL OR tags @> $9)
     AND ($7::timestamptz IS NULL OR created_at < $7) AND ($8::timestamptz IS NULL OR created_at >= $8 + interval '1 ms')
   ORDER BY ${order} id ${direction} LIMIT $4`;

const ALL = bothWays('message.list', (beyond, direction) => rows('AND $6::text[] IS NULL', beyond, direction));
/** The same as `event_type = member`, in words that only the index over both has an order for. */
const ofType = (member: string, beyond: string) =>
  `AND (event_type, id) ${beyond} (${member}, $3) AND (event_type, id) > (${member}, $10) AND (event_type, id) < (${member}, $11)`;

const BY_TYPE = bothWays('message.list by type', (beyond, direction) =>
  mergedLists('$6::text[]', (member) => rows(ofType(member, beyond), beyond, direction, `event_type ${direction},`), direction, '$4'),
);

@QueryHandler(ListMessages)
export class ListMessagesHandler implements IQueryHandler<ListMessages> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, applicationId, filter, page, withContent }: ListMessages): Promise<ListPage<MessageView>> {
    const { way, cursor, take } = seek(page);
    const { channel, tag, before = null, after = null } = filter;
    const eventTypes = filter.eventTypes ? [...new Set(filter.eventTypes)] : null;
    const [channels, tags] = [channel, tag].map((label) => (label === undefined ? null : [label]));
    const { from, to } = idWindow('msg', page, filter, this.clock.now());
    const values = [organizationId, applicationId, cursor, take, channels, eventTypes, before, after, tags, from, to];
    const query = (eventTypes ? BY_TYPE : ALL)[way];
    // How many messages have a label decides how to look for it, so that is planned each time.
    const found = await this.sql.run<MessageRow>(channels || tags ? query.text : query, values);
    return listPage(
      found,
      page,
      ({ id }) => id,
      (row) => messageView(this.cipher, row, withContent),
    );
  }
}
