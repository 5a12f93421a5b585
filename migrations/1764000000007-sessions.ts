import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions. */
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
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE session;');
  }
}
