import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../../platform/http/list-page';
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

const STATEMENT = bothWays(
  'message.list',
  (beyond, direction) => `
    SELECT ${MESSAGE_COLUMNS} FROM message
     WHERE organization_id = $1 AND application_id = $2 AND id ${beyond} $3 AND id > $10 AND id < $11
       AND ($5::text IS NULL OR $5 = ANY (channels)) AND ($6::text[] IS NULL OR event_type = ANY ($6))
       AND ($7::timestamptz IS NULL OR created_at < $7) AND ($8::timestamptz IS NULL OR created_at > $8)
       AND ($9::text IS NULL OR $9 = ANY (tags))
     ORDER BY id ${direction} LIMIT $4`,
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
    const { channel = null, tag = null, eventTypes = null, before = null, after = null } = filter;
    const { from, to } = idWindow('msg', page, filter, this.clock.now());
    const values = [organizationId, applicationId, cursor, take, channel, eventTypes, before, after, tag, from, to];
    const rows = await this.sql.run<MessageRow>(STATEMENT[way], values);
    return listPage(
      rows,
      page,
      ({ id }) => id,
      (row) => messageView(this.cipher, row, withContent),
    );
  }
}
