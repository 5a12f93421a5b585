import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tags, delivery at a time, retention and media type of messages; groups, flags and validation of event types. */
export class MessageOptions1764000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE message
        ADD COLUMN tags               text[] COLLATE "C",
        ADD COLUMN content_type       text,
        ADD COLUMN deliver_at         timestamptz,
        ADD COLUMN canceled_at        timestamptz,
        ADD COLUMN payload_expires_at timestamptz;
      -- Only messages that asked for a retention of their own are in it.
      CREATE INDEX message_payload_expiry ON message (payload_expires_at) WHERE payload IS NOT NULL AND payload_expires_at IS NOT NULL;

      -- The one endpoint that a message is for, whatever the others want; null for all that want it.
      ALTER TABLE message_outbox ADD COLUMN endpoint_id text COLLATE "C";

      -- Messages that wait for their time; then they go to message_outbox.
      CREATE TABLE scheduled_message (
        message_id      text COLLATE "C" PRIMARY KEY,
        organization_id text COLLATE "C" NOT NULL,
        application_id  text COLLATE "C" NOT NULL,
        event_type      text COLLATE "C" NOT NULL,
        channels        text[] COLLATE "C",
        deliver_at      timestamptz NOT NULL
      );
      CREATE INDEX scheduled_message_due ON scheduled_message (deliver_at);
      ALTER TABLE scheduled_message ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON scheduled_message TO posthorn_tenant USING (organization_id = current_setting('posthorn.organization', true));

      ALTER TABLE event_type
        ADD COLUMN group_name    text COLLATE "C",
        ADD COLUMN feature_flags text[] COLLATE "C",
        ADD COLUMN validation    text NOT NULL DEFAULT 'off' CONSTRAINT event_type_validation_check CHECK (validation IN ('off', 'warn', 'reject'));
      -- The former column stays for the code of the release before this one.
      UPDATE event_type SET feature_flags = ARRAY[feature_flag] WHERE feature_flag IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE event_type DROP COLUMN group_name, DROP COLUMN feature_flags, DROP COLUMN validation;
      DROP TABLE scheduled_message;
      ALTER TABLE message_outbox DROP COLUMN endpoint_id;
      DROP INDEX message_payload_expiry;
      ALTER TABLE message
        DROP COLUMN tags, DROP COLUMN content_type, DROP COLUMN deliver_at, DROP COLUMN canceled_at, DROP COLUMN payload_expires_at;
    `);
  }
}
