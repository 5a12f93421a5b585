import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../../platform/http/list-page';
import { timeOf } from '../../../../platform/ids/id';
import { compileFilter, parsedPayload } from '../../endpoints';
import { MESSAGE_COLUMNS, type MessageRow } from '../../messages';
import { changedSince, explain, type ExplainedEndpoint, type ExplainedMessage, type Explanation } from './explanation';

export type ExplainedView = Explanation & {
  readonly endpointId: string;
  readonly endpointUid: string | null;
  readonly url: string;
  /** Of the delivery; null when there is none. */
  readonly status: number | null;
  readonly attempts: number;
  readonly nextAttempt: Date | null;
  /** The endpoint is not as it was when the message came. */
  readonly changedSince: boolean;
};

/**
 * For each endpoint of the application why it got a message or did not; also for those that were deleted after it came.
 * @throws EntityNotFound
 */
export class ExplainMessage extends Query<ListPage<ExplainedView>> {
  constructor(
    readonly organizationId: string,
    readonly applicationId: string,
    readonly messageId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

const MESSAGE = {
  name: 'delivery.explained_message',
  text: `SELECT ${MESSAGE_COLUMNS}, EXISTS (SELECT 1 FROM message_outbox WHERE message_id = $2) AS waits
           FROM message WHERE id = $2 AND organization_id = $1`,
};

type Row = {
  id: string;
  uid: string | null;
  url: Buffer;
  event_types: string[] | null;
  channels: string[] | null;
  filter: Buffer | null;
  disabled: boolean;
  disabled_at: Date | null;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
  status: number | null;
  reason: string | null;
  attempt_count: number | null;
  next_at: Date | null;
  waits: boolean;
};

const part = (condition: string, beyond: string, direction: string) => `
  (SELECT e.id, e.uid, e.url, e.event_types, e.channels, e.filter, e.disabled, e.disabled_at, e.created_at, e.updated_at, e.deleted_at
     FROM endpoint e WHERE e.organization_id = $1 AND e.application_id = $2 AND ${condition} AND e.id ${beyond} $4 ORDER BY e.id ${direction} LIMIT $5)`;

const ENDPOINTS = bothWays(
  'delivery.explained_endpoints',
  (beyond, direction) => `
    SELECT e.*, d.status, d.reason, d.attempt_count, d.next_at,
           EXISTS (SELECT 1 FROM filter_candidate f WHERE f.message_id = $3 AND f.endpoint_id = e.id) AS waits
      FROM (SELECT * FROM (
              ${part('e.deleted_at IS NULL', beyond, direction)}
               UNION ALL
              ${part('e.deleted_at > $6::timestamptz', beyond, direction)}) every_ ORDER BY id ${direction} LIMIT $5) e
      LEFT JOIN LATERAL (SELECT * FROM delivery WHERE message_id = $3 AND endpoint_id = e.id LIMIT 1) d ON true
     ORDER BY e.id ${direction}`,
);

@QueryHandler(ExplainMessage)
export class ExplainMessageHandler implements IQueryHandler<ExplainMessage> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, applicationId, messageId, page }: ExplainMessage): Promise<ListPage<ExplainedView>> {
    const [row] = await this.sql.run<MessageRow & { waits: boolean }>(MESSAGE, [organizationId, messageId]);
    if (!row) throw new EntityNotFound();
    const askedAt = row.deliver_at ?? timeOf(row.id);
    const message = { eventType: row.event_type, channels: row.channels, state: row.state, askedAt, waits: row.waits };
    const { way, cursor, take } = seek(page);
    const rows = await this.sql.run<Row>(ENDPOINTS[way], [organizationId, applicationId, messageId, cursor, take, askedAt]);
    const payload = rows.some(({ filter }) => filter) ? await this.payload(row) : null;
    return listPage(
      rows,
      page,
      ({ id }) => id,
      (endpoint) => this.view(message, payload, endpoint),
    );
  }

  /** Null when it is gone. */
  private async payload({ id, payload }: MessageRow): Promise<{ readonly parsed: unknown } | null> {
    return payload && { parsed: parsedPayload(await this.cipher.open(columnContext('message', 'payload', id), payload)) };
  }

  private async view(message: ExplainedMessage, payload: { readonly parsed: unknown } | null, row: Row): Promise<ExplainedView> {
    const endpoint: ExplainedEndpoint = {
      eventTypes: row.event_types,
      channels: row.channels,
      disabled: row.disabled,
      disabledAt: row.disabled_at,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      deletedAt: row.deleted_at,
      filter: await this.filterOf(row, payload),
      waits: row.waits,
    };
    const attempts = row.attempt_count ?? 0;
    const delivery = row.status === null ? null : { status: row.status, reason: row.reason, attempts };
    return {
      endpointId: row.id,
      endpointUid: row.uid,
      url: await this.cipher.openJson<string>(columnContext('endpoint', 'url', row.id), row.url),
      ...explain(message, endpoint, delivery),
      status: row.status,
      attempts,
      nextAttempt: row.status === 1 ? row.next_at : null,
      changedSince: changedSince(message, endpoint),
    };
  }

  private async filterOf({ id, filter }: Row, payload: { readonly parsed: unknown } | null): Promise<ExplainedEndpoint['filter']> {
    if (!filter) return 'none';
    if (!payload) return 'unknown';
    const test = compileFilter(await this.cipher.openJson<object>(columnContext('endpoint', 'filter', id), filter));
    return test(payload.parsed) ? 'matches' : 'differs';
  }
}
