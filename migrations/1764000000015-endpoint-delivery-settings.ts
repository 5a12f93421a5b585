import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How each endpoint wants to be delivered to, why it is disabled, and how it has been doing. */
export class EndpointDeliverySettings1764000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE endpoint
        ADD COLUMN ordering        text NOT NULL DEFAULT 'none' CONSTRAINT endpoint_ordering_check CHECK (ordering IN ('none', 'fifo')),
        -- Each of the three: null for the default of the installation.
        ADD COLUMN max_in_flight   integer,
        ADD COLUMN timeout_ms      integer,
        -- Seconds to wait after the first, second, … attempt.
        ADD COLUMN retry_schedule  integer[],
        ADD COLUMN disabled_at     timestamptz,
        ADD COLUMN disabled_reason text;

      -- Counted over attempts. A success sets both back; failing_since is the time of the first failure since the last success.
      ALTER TABLE delivery_lane
        ADD COLUMN failing_since timestamptz,
        ADD COLUMN failures      integer NOT NULL DEFAULT 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE delivery_lane DROP COLUMN failing_since, DROP COLUMN failures;
      ALTER TABLE endpoint
        DROP COLUMN ordering, DROP COLUMN max_in_flight, DROP COLUMN timeout_ms, DROP COLUMN retry_schedule,
        DROP COLUMN disabled_at, DROP COLUMN disabled_reason;
    `);
  }
}
