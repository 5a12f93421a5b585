import { Injectable } from '@nestjs/common';
import { Coalescer } from '../../../../platform/batching/coalescer';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { encryptedTable } from '../../../../platform/crypto/encrypted-tables';
import { Sql } from '../../../../platform/database/sql';
import { isIdOf } from '../../../../platform/ids/reference';
import { MESSAGE_CHANNEL } from '../queues';
import { MessageRepository } from '../domain/message.repository';
import type { Appended, NewMessage } from '../domain/new-message';

encryptedTable('message', 'payload');

type Row = { id: string; known: boolean; accepted: boolean; accepted_at: Date };
type SealedMessage = { readonly message: NewMessage; readonly sealed: Buffer };

/**
 * Everything about accepting, in one statement and one commit for the whole batch: finds the applications, claims the
 * event ids, stores the messages, and leaves a row for each in `message_outbox`, the domain event in its leanest form.
 * Only the members of the batch that are refused are left out.
 */
const APPEND = {
  name: 'message.append',
  text: `
    WITH input AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
        AS i (id, organization_id, app_id, app_uid, event_id, event_type, channels, payload)
    ), target AS (
      SELECT i.*, a.id AS application_id
        FROM input i CROSS JOIN LATERAL (
          SELECT id FROM application
           WHERE id = i.app_id AND organization_id = i.organization_id AND deleted_at IS NULL
           UNION ALL
          SELECT id FROM application
           WHERE organization_id = i.organization_id AND uid = i.app_uid AND deleted_at IS NULL
        ) a
    ), claimed AS (
      INSERT INTO message_event_id (application_id, event_id, message_id)
      SELECT application_id, event_id, id FROM target WHERE event_id IS NOT NULL ORDER BY application_id, event_id
      ON CONFLICT DO NOTHING
      RETURNING message_id
    ), accepted AS (
      SELECT t.* FROM target t WHERE t.event_id IS NULL OR t.id IN (SELECT message_id FROM claimed)
    ), stored AS (
      INSERT INTO message (id, organization_id, application_id, event_id, event_type, channels, payload, created_at)
      SELECT id, organization_id, application_id, event_id, event_type, string_to_array(channels, ','), payload, now() FROM accepted
    ), announced AS (
      INSERT INTO message_outbox (message_id, organization_id, application_id, event_type, channels, accepted_at)
      SELECT id, organization_id, application_id, event_type, string_to_array(channels, ','), now() FROM accepted
    ), rung AS MATERIALIZED (
      SELECT pg_notify('${MESSAGE_CHANNEL}', '')
    )
    SELECT i.id, t.id IS NOT NULL AS known, a.id IS NOT NULL AS accepted, now() AS accepted_at
      FROM input i LEFT JOIN target t USING (id) LEFT JOIN accepted a USING (id) CROSS JOIN rung`,
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
  ) {
    super();
  }

  override async append(message: NewMessage): Promise<Appended> {
    const sealed = await this.cipher.seal(message.organizationId, columnContext('message', 'payload', message.id), message.payload);
    return this.appends.add({ message, sealed });
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
    ]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return batch.map(({ message }) => appended(byId.get(message.id)));
  }
}

function appended(row: Row | undefined): Appended {
  if (!row?.known) return { refused: 'unknown_application' };
  return row.accepted ? { acceptedAt: row.accepted_at } : { refused: 'duplicate_event_id' };
}
