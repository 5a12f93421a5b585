import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was answered to a request with an idempotency key. The id is a keyed hash of caller, path and key. */
export class Idempotency1764000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency_key (
        id              text COLLATE "C" PRIMARY KEY,
        organization_id text COLLATE "C",
        request_hash    bytea NOT NULL,
        claim           uuid NOT NULL,
        claimed_until   timestamptz NOT NULL,
        -- Null while the first request is under way.
        status          smallint,
        content_type    text,
        answer          bytea,
        expires_at      timestamptz NOT NULL
      );
      CREATE INDEX idempotency_key_expired ON idempotency_key (expires_at);

      ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON idempotency_key TO posthorn_tenant USING (organization_id = current_setting('posthorn.organization', true));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_key;');
  }
}
