import { Injectable } from '@nestjs/common';
import { Coalescer } from '../../../../platform/batching/coalescer';
import { asSystem } from '../../../../platform/context/call-context';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { encryptedTable } from '../../../../platform/crypto/encrypted-tables';
import { NotificationSender } from '../../../../platform/database/notification-sender';
import { Sql } from '../../../../platform/database/sql';
import { timeOf } from '../../../../platform/ids/id';
import { isIdOf } from '../../../../platform/ids/reference';
import { MESSAGE_CHANNEL } from '../message-channel';
import { MessageRepository } from '../domain/message.repository';
import type { Appended, NewMessage } from '../domain/new-message';

encryptedTable('message', 'payload');

type Row = { id: string; known: boolean; unchecked: boolean; accepted: boolean };
type SealedMessage = { readonly message: NewMessage; readonly sealed: Buffer };

/** Tags are free text on one line, so a control character cannot be in one. */
const TAG_SEPARATOR = '\u0001';

/**
 * Everything about accepting, in one statement and one commit for the whole batch: finds the applications, claims the
 * event ids, stores the messages, and leaves a row for each in `message_outbox`, the domain event in its leanest form, or
 * in `scheduled_message` until its time comes. Only the members of the batch that are refused are left out. The places in
 * the order of delivery are drawn in that of the ids, which is that of a batch.
 */
const APPEND = {
  name: 'message.append',
  text: `
    WITH input AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::text[],
                           $10::text[], $11::timestamptz[], $12::int[], $13::text[], $14::int[], $15::timestamptz[], $16::text[])
        AS i (id, organization_id, app_id, app_uid, event_id, event_type, channels, payload, tags, content_type, deliver_at,
              retention_hours, endpoint_id, checked_version, created_at, trace)
    ), target AS (
      SELECT i.*, a.id AS application_id, t.version IS DISTINCT FROM i.checked_version AS unchecked,
             CASE WHEN i.deliver_at > now() THEN i.deliver_at END AS scheduled_for
        FROM input i CROSS JOIN LATERAL (
          SELECT id FROM application
           WHERE id = i.app_id AND organization_id = i.organization_id AND deleted_at IS NULL
           UNION ALL
          SELECT id FROM application
           WHERE organization_id = i.organization_id AND uid = i.app_uid AND deleted_at IS NULL
        ) a
        LEFT JOIN event_type t ON t.organization_id = i.organization_id AND t.name = i.event_type AND t.validation <> 'off'
    ), claimed AS (
      INSERT INTO message_event_id (application_id, event_id, message_id)
      SELECT application_id, event_id, id FROM target WHERE event_id IS NOT NULL AND NOT unchecked ORDER BY application_id, event_id, id
      ON CONFLICT DO NOTHING
      RETURNING message_id
    ), accepted AS (
      SELECT t.*, string_to_array(t.channels, ',') AS channel_list FROM target t
       WHERE NOT t.unchecked AND (t.event_id IS NULL OR t.id IN (SELECT message_id FROM claimed))
    ), stored AS (
      INSERT INTO message (id, organization_id, application_id, event_id, event_type, channels, payload, created_at, tags, content_type,
                           deliver_at, endpoint_id, payload_expires_at, trace)
      SELECT id, organization_id, application_id, event_id, event_type, channel_list, payload, created_at,
             string_to_array(tags, '${TAG_SEPARATOR}'), content_type, deliver_at, endpoint_id,
             coalesce(scheduled_for, created_at) + make_interval(hours => retention_hours), trace
        FROM accepted
    ), announced AS (
      INSERT INTO message_outbox (message_id, organization_id, application_id, event_type, channels, accepted_at, endpoint_id, payload_bytes)
      SELECT id, organization_id, application_id, event_type, channel_list, now(), endpoint_id, length(payload)
        FROM accepted WHERE scheduled_for IS NULL ORDER BY id
    ), scheduled AS (
      INSERT INTO scheduled_message (message_id, organization_id, application_id, event_type, channels, deliver_at, payload_bytes)
      SELECT id, organization_id, application_id, event_type, channel_list, scheduled_for, length(payload)
        FROM accepted WHERE scheduled_for IS NOT NULL
    )
    SELECT i.id, t.id IS NOT NULL AS known, coalesce(t.unchecked, false) AS unchecked, a.id IS NOT NULL AS accepted
      FROM input i LEFT JOIN target t USING (id) LEFT JOIN accepted a USING (id)`,
};

/** A batch is bounded by what one statement should carry, not by what arrives. */
const LIMITS = {
  maxItems: 500,
  maxBytes: 4_194_304,
  concurrency: 2,
  patienceMs: 300,
  bytesOf: ({ sealed }: SealedMessage) => sealed.length,
};

/** Appends of concurrent requests share one statement and one commit. */
@Injectable()
export class GroupCommitMessageRepository extends MessageRepository {
  private readonly appends = new Coalescer<SealedMessage, Appended>((batch) => this.write(batch), LIMITS);

  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly notifications: NotificationSender,
  ) {
    super();
  }

  override async append(message: NewMessage): Promise<Appended> {
    return this.appends.add(await this.seal(message));
  }

  override async appendAll(messages: readonly NewMessage[]): Promise<readonly Appended[]> {
    const batch = await Promise.all(messages.map((message) => this.seal(message)));
    return asSystem(() => this.write(batch));
  }

  private async seal(message: NewMessage): Promise<SealedMessage> {
    const { organizationId, id, payload } = message;
    return { message, sealed: await this.cipher.seal(organizationId, columnContext('message', 'payload', id), payload) };
  }

  private async write(batch: readonly SealedMessage[]): Promise<Appended[]> {
    const column = <T>(of: (message: NewMessage) => T) => batch.map(({ message }) => of(message));
    const rows = await this.sql.run<Row>(APPEND, [
      column(({ id }) => id),
      column(({ organizationId }) => organizationId),
      column(({ application }) => (isIdOf('app', application) ? application : null)),
      column(({ application }) => (isIdOf('app', application) ? null : application)),
      column(({ eventId }) => eventId),
      column(({ eventType }) => eventType),
      // A comma is not in the alphabet of channels.
      column(({ channels }) => channels?.join(',') ?? null),
      batch.map(({ sealed }) => sealed),
      column(({ tags }) => tags?.join(TAG_SEPARATOR) ?? null),
      column(({ contentType }) => contentType),
      column(({ deliverAt }) => deliverAt),
      column(({ retentionHours }) => retentionHours),
      column(({ endpointId }) => endpointId),
      column(({ checkedVersion }) => checkedVersion),
      column(({ id }) => timeOf(id)),
      column(({ trace }) => trace),
    ]);
    this.notifications.send(MESSAGE_CHANNEL);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return batch.map(({ message: { id } }) => appended(id, byId.get(id)));
  }
}

function appended(id: string, row: Row | undefined): Appended {
  if (!row?.known) return { refused: 'unknown_application' };
  if (row.unchecked) return { refused: 'unchecked' };
  return row.accepted ? { acceptedAt: timeOf(id) } : { refused: 'duplicate_event_id' };
}
