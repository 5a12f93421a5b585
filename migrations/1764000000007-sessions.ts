import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions, failures of those who try to get one, scopes and hashes of API keys, ends of portal access. */
export class Sessions1764000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE session (
        id           text COLLATE "C" PRIMARY KEY,
        version      integer NOT NULL,
        user_id      text COLLATE "C" NOT NULL,
        device       bytea NOT NULL,
        nonce        bytea NOT NULL,
        generation   integer NOT NULL,
        refreshed_at timestamptz NOT NULL,
        expires_at   timestamptz NOT NULL,
        created_at   timestamptz NOT NULL,
        updated_at   timestamptz NOT NULL,
        revoked_at   timestamptz
      );
      CREATE INDEX session_user_id ON session (user_id, id) WHERE revoked_at IS NULL;

      -- Laid out as rate-limiter-flexible wants it. Keys are keyed hashes; expire is in milliseconds since 1970.
      CREATE TABLE sign_in_throttle (
        key    varchar(255) PRIMARY KEY,
        points integer NOT NULL DEFAULT 0,
        expire bigint
      );

      ALTER TABLE api_key
        ADD COLUMN scopes text[],
        ADD COLUMN token_hash bytea,
        ADD COLUMN last_used_at timestamptz;

      CREATE TABLE user_identity (
        id           text COLLATE "C" PRIMARY KEY,
        version      integer NOT NULL,
        user_id      text COLLATE "C" NOT NULL CONSTRAINT user_identity_user_id_fkey REFERENCES user_account ON DELETE CASCADE,
        subject_hash bytea NOT NULL CONSTRAINT user_identity_subject_hash_key UNIQUE,
        created_at   timestamptz NOT NULL
      );
      CREATE INDEX user_identity_user_id ON user_identity (user_id);

      CREATE TABLE portal_end (
        application_id  text COLLATE "C" NOT NULL,
        session_id      text COLLATE "C" NOT NULL,
        organization_id text COLLATE "C" NOT NULL,
        before_id       text COLLATE "C" NOT NULL,
        PRIMARY KEY (application_id, session_id)
      );
      ALTER TABLE portal_end ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON portal_end TO posthorn_tenant USING (organization_id = current_setting('posthorn.organization', true));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE portal_end;
      DROP TABLE user_identity;
      ALTER TABLE api_key DROP COLUMN scopes, DROP COLUMN token_hash, DROP COLUMN last_used_at;
      DROP TABLE sign_in_throttle;
      DROP TABLE session;
    `);
  }
}
