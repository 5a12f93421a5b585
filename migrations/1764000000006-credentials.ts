import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Forgotten and changed passwords, changed addresses, the second factor, and people who leave. */
export class Credentials1764000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE user_account
        ALTER COLUMN password_hash DROP NOT NULL,
        ADD COLUMN password_changed_at timestamptz,
        ADD COLUMN erasure_requested_at timestamptz;

      CREATE TABLE password_reset (
        id                  text COLLATE "C" PRIMARY KEY,
        version             integer NOT NULL,
        user_id             text COLLATE "C" NOT NULL
                            CONSTRAINT password_reset_user_id_key UNIQUE
                            CONSTRAINT password_reset_user_id_fkey REFERENCES user_account ON DELETE CASCADE,
        token_hash          bytea NOT NULL CONSTRAINT password_reset_token_hash_key UNIQUE,
        email_hash          bytea NOT NULL,
        password_changed_at timestamptz,
        expires_at          timestamptz NOT NULL,
        used_at             timestamptz,
        created_at          timestamptz NOT NULL,
        updated_at          timestamptz NOT NULL
      );

      CREATE TABLE email_change (
        id               text COLLATE "C" PRIMARY KEY,
        version          integer NOT NULL,
        user_id          text COLLATE "C" NOT NULL
                         CONSTRAINT email_change_user_id_key UNIQUE
                         CONSTRAINT email_change_user_id_fkey REFERENCES user_account ON DELETE CASCADE,
        new_email        bytea NOT NULL,
        new_email_hash   bytea NOT NULL,
        old_token_hash   bytea CONSTRAINT email_change_old_token_hash_key UNIQUE,
        new_token_hash   bytea CONSTRAINT email_change_new_token_hash_key UNIQUE,
        old_confirmed_at timestamptz,
        new_confirmed_at timestamptz,
        expires_at       timestamptz NOT NULL,
        ended_at         timestamptz,
        created_at       timestamptz NOT NULL,
        updated_at       timestamptz NOT NULL
      );

      CREATE TABLE second_factor (
        id              text COLLATE "C" PRIMARY KEY,
        version         integer NOT NULL,
        user_id         text COLLATE "C" NOT NULL
                        CONSTRAINT second_factor_user_id_key UNIQUE
                        CONSTRAINT second_factor_user_id_fkey REFERENCES user_account ON DELETE CASCADE,
        secret          bytea NOT NULL,
        confirmed_at    timestamptz,
        last_used_step  integer,
        recovery_hashes text[] NOT NULL,
        created_at      timestamptz NOT NULL,
        updated_at      timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE second_factor; DROP TABLE email_change; DROP TABLE password_reset;
      ALTER TABLE user_account DROP COLUMN erasure_requested_at, DROP COLUMN password_changed_at, ALTER COLUMN password_hash SET NOT NULL;
    `);
  }
}
