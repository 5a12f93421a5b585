import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../../platform/http/list-page';
import { ATTEMPT_COLUMNS, type AttemptRow, attemptView, type AttemptView } from './attempt-row';
import { idsBetween } from './ids-between';

export type AttemptFilter = {
  readonly status?: number | undefined;
  readonly statusCodeClass?: number | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  readonly endpointId?: string | undefined;
  readonly channel?: string | undefined;
  readonly tag?: string | undefined;
  readonly before?: Date | undefined;
  readonly after?: Date | undefined;
};

/** Attempts of one endpoint or of one message, newest first. */
export class ListAttempts extends Query<ListPage<AttemptView>> {
  constructor(
    readonly organizationId: string,
    readonly of: { readonly endpointId: string } | { readonly messageId: string },
    readonly filter: AttemptFilter,
    readonly page: PageRequest,
    readonly withContent: boolean,
  ) {
    super();
  }
}

const statement = (column: 'endpoint_id' | 'message_id') =>
  bothWays(
    `attempt.list_by_${column}`,
    (beyond, direction) => `
      SELECT ${ATTEMPT_COLUMNS} FROM attempt
       WHERE organization_id = $1 AND ${column} = $2 AND id ${beyond} $3
         AND ($5::int IS NULL OR status = $5) AND ($6::int IS NULL OR response_status_code / 100 * 100 = $6)
         AND ($7::text[] IS NULL OR event_type = ANY ($7)) AND ($8::text IS NULL OR endpoint_id = $8)
         AND ($9::timestamptz IS NULL OR attempted_at < $9) AND ($10::timestamptz IS NULL OR attempted_at > $10)
         AND ($11::text IS NULL OR id >= $11) AND ($12::text IS NULL OR id < $12)
         AND (($13::text IS NULL AND $14::text IS NULL) OR EXISTS (
               SELECT 1 FROM message m
                WHERE m.id = message_id AND ($13 IS NULL OR $13 = ANY (m.channels)) AND ($14 IS NULL OR $14 = ANY (m.tags))))
       ORDER BY id ${direction} LIMIT $4`,
  );

const BY_ENDPOINT = statement('endpoint_id');
const BY_MESSAGE = statement('message_id');

@QueryHandler(ListAttempts)
export class ListAttemptsHandler implements IQueryHandler<ListAttempts> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, of, filter, page, withContent }: ListAttempts): Promise<ListPage<AttemptView>> {
    const { way, cursor, take } = seek(page);
    const [found, id] = 'endpointId' in of ? [BY_ENDPOINT, of.endpointId] : [BY_MESSAGE, of.messageId];
    const {
      status = null,
      statusCodeClass = null,
      eventTypes = null,
      endpointId = null,
      channel = null,
      tag = null,
      before,
      after,
    } = filter;
    const wanted = [status, statusCodeClass, eventTypes, endpointId, before, after, ...idsBetween('atmpt', after, before), channel, tag];
    const values = [organizationId, id, cursor, take, ...wanted];
    const rows = await this.sql.run<AttemptRow>(found[way], values);
    return listPage(
      rows,
      page,
      (row) => row.id,
      (row) => attemptView(this.cipher, row, withContent),
    );
  }
}
