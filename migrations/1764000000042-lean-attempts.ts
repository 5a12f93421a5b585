import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where an attempt went is sealed together with its details, and an empty response is none: two values fewer to seal for most. */
export class LeanAttempts1764000000042 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Of attempts of former releases only.
      ALTER TABLE attempt ALTER COLUMN url DROP NOT NULL;
      ALTER TABLE attempt ALTER COLUMN response DROP NOT NULL;
    `);
  }

  /** What was written meanwhile is unreadable for the release before; a value that nobody sealed says so. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE attempt SET url = coalesce(url, ''), response = coalesce(response, '') WHERE url IS NULL OR response IS NULL;
      ALTER TABLE attempt ALTER COLUMN url SET NOT NULL;
      ALTER TABLE attempt ALTER COLUMN response SET NOT NULL;
    `);
  }
}
