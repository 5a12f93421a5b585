import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All that is known of an attempt's account, address and device in one row each. Keys are keyed hashes. */
export class SignInThrottle1764000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE sign_in_throttle;
      CREATE TABLE sign_in_throttle (
        key         text COLLATE "C" PRIMARY KEY,
        failures    integer NOT NULL DEFAULT 0,
        -- When the failures are forgotten.
        forget_at   timestamptz,
        wait_until  timestamptz,
        -- Of a device: until when it is one from which the person signed in.
        known_until timestamptz,
        expires_at  timestamptz NOT NULL
      );
      CREATE INDEX sign_in_throttle_expired ON sign_in_throttle (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE sign_in_throttle;
      CREATE TABLE sign_in_throttle (key varchar(255) PRIMARY KEY, points integer NOT NULL DEFAULT 0, expire bigint);
    `);
  }
}
