import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users, organizations, API keys, and the audit log. */
export class Accounts1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE user_account (
        id                text COLLATE "C" PRIMARY KEY,
        version           integer NOT NULL,
        name              bytea NOT NULL,
        email             bytea NOT NULL,
        email_hash        bytea NOT NULL CONSTRAINT user_account_email_hash_key UNIQUE,
        password_hash     text NOT NULL,
        email_verified_at timestamptz,
        registered_at     timestamptz NOT NULL,
        created_at        timestamptz NOT NULL,
        updated_at        timestamptz NOT NULL
      );

      CREATE TABLE email_verification (
        id            text COLLATE "C" PRIMARY KEY,
        version       integer NOT NULL,
        user_id       text COLLATE "C" NOT NULL
                      CONSTRAINT email_verification_user_id_key UNIQUE
                      CONSTRAINT email_verification_user_id_fkey REFERENCES user_account ON DELETE CASCADE,
        token_hash    bytea NOT NULL CONSTRAINT email_verification_token_hash_key UNIQUE,
        code_hash     bytea NOT NULL,
        registered_at timestamptz NOT NULL,
        code_attempts integer NOT NULL,
        expires_at    timestamptz NOT NULL,
        used_at       timestamptz,
        created_at    timestamptz NOT NULL,
        updated_at    timestamptz NOT NULL
      );

      CREATE TABLE organization (
        id              text COLLATE "C" PRIMARY KEY,
        version         integer NOT NULL,
        name            bytea NOT NULL,
        founder_user_id text COLLATE "C" CONSTRAINT organization_founder_user_id_key UNIQUE,
        created_at      timestamptz NOT NULL,
        updated_at      timestamptz NOT NULL
      );

      CREATE TABLE member (
        id              text COLLATE "C" PRIMARY KEY,
        version         integer NOT NULL,
        organization_id text COLLATE "C" NOT NULL
                        CONSTRAINT member_organization_id_fkey REFERENCES organization ON DELETE CASCADE,
        user_id         text COLLATE "C" NOT NULL,
        role            text NOT NULL CONSTRAINT member_role_check CHECK (role IN ('owner', 'admin', 'developer', 'viewer')),
        created_at      timestamptz NOT NULL,
        updated_at      timestamptz NOT NULL,
        CONSTRAINT member_organization_id_user_id_key UNIQUE (organization_id, user_id)
      );
      CREATE INDEX member_user_id ON member (user_id, id);

      CREATE TABLE api_key (
        id              text COLLATE "C" PRIMARY KEY,
        version         integer NOT NULL,
        organization_id text COLLATE "C" NOT NULL,
        name            bytea NOT NULL,
        environment     text NOT NULL CONSTRAINT api_key_environment_check CHECK (environment IN ('live', 'test')),
        created_at      timestamptz NOT NULL,
        updated_at      timestamptz NOT NULL,
        expires_at      timestamptz,
        revoked_at      timestamptz
      );
      CREATE INDEX api_key_organization_id ON api_key (organization_id, id);

      CREATE TABLE audit_entry (
        id              text COLLATE "C" PRIMARY KEY,
        organization_id text COLLATE "C",
        actor           text COLLATE "C" NOT NULL,
        action          text NOT NULL,
        object          text COLLATE "C" NOT NULL,
        occurred_at     timestamptz NOT NULL
      ) PARTITION BY RANGE (id);
      CREATE INDEX audit_entry_organization_id ON audit_entry (organization_id, id);
      CREATE TABLE audit_entry_rest PARTITION OF audit_entry DEFAULT;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE audit_entry; DROP TABLE api_key; DROP TABLE member; DROP TABLE organization; DROP TABLE email_verification; DROP TABLE user_account;',
    );
  }
}
