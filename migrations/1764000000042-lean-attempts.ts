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

  /** The release before cannot read what was written meanwhile. It finds a value that nobody sealed, long enough to name a key, of which there is none. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE attempt SET url = coalesce(url, '\\x0000000000'), response = coalesce(response, '\\x0000000000')
       WHERE url IS NULL OR response IS NULL;
      ALTER TABLE attempt ALTER COLUMN url SET NOT NULL;
      ALTER TABLE attempt ALTER COLUMN response SET NOT NULL;
    `);
  }
}
