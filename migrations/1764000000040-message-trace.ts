import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a message came of, for whoever traces: `traceparent`, and `tracestate` behind a space. Null costs a bit. */
export class MessageTrace1764000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE message ADD COLUMN trace text COLLATE "C";');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE message DROP COLUMN trace;');
  }
}
