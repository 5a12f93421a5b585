import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the circuit breaker of an endpoint that fails half of the time has to remember. */
export class ShareOfFailures1764000000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE delivery_lane
        -- Attempts are counted until then. The same as open_until: for what they were, the breaker is open.
        ADD COLUMN share_until   timestamptz,
        ADD COLUMN share_sent    integer NOT NULL DEFAULT 0,
        ADD COLUMN share_strikes integer NOT NULL DEFAULT 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery_lane DROP COLUMN share_until, DROP COLUMN share_sent, DROP COLUMN share_strikes;');
  }
}
