import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far people were warned of an endpoint that fails. */
export class EndpointHealth1764000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- For which failing_since, and how much of the way to being disabled was told of last.
      ALTER TABLE delivery_lane
        ADD COLUMN warned_since   timestamptz,
        ADD COLUMN warned_percent smallint NOT NULL DEFAULT 0;
      CREATE INDEX delivery_lane_failing ON delivery_lane (failing_since) WHERE failing_since IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX delivery_lane_failing;
      ALTER TABLE delivery_lane DROP COLUMN warned_since, DROP COLUMN warned_percent;
    `);
  }
}
