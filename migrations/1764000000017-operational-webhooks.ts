import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages for one endpoint stay such; the hidden application that carries what an organization is told. */
export class OperationalWebhooks1764000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- As in message_outbox: the one endpoint that a message is for, whatever the others want.
      ALTER TABLE message ADD COLUMN endpoint_id text COLLATE "C";

      -- Its endpoints are the operational webhooks of its organization. It has an id that no path can name, and is not listed.
      ALTER TABLE application ADD COLUMN operational boolean NOT NULL DEFAULT false;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE application DROP COLUMN operational;
      ALTER TABLE message DROP COLUMN endpoint_id;
    `);
  }
}
