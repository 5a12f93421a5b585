import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Endpoints whose messages are changed by code of their owner before they are sent. */
export class EndpointTransformations1764000000027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Encrypted: the code, its variables, whether it is enabled. Null where there never was any.
      ALTER TABLE endpoint ADD COLUMN transformation bytea;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE endpoint DROP COLUMN transformation;');
  }
}
