import { Injectable } from '@nestjs/common';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { type Attempt, DEVICE_MEMORY_SECONDS, FAILURE_MEMORY_SECONDS, SignInThrottle, waitAfter } from '../domain/sign-in-throttle';
import { type Bucket, bucketsOf, throttleKeys } from './throttle-keys';

/** Counts in PostgreSQL: shared by all processes, and Redis may lose everything without anybody getting more guesses. */
@Injectable()
export class PostgresSignInThrottle extends SignInThrottle {
  private readonly failures: RateLimiterPostgres;
  private readonly waits: RateLimiterPostgres;
  private readonly devices: RateLimiterPostgres;

  constructor(
    dataSource: DataSource,
    private readonly lookup: LookupHash,
  ) {
    super();
    const limiter = (keyPrefix: string, duration: number) =>
      new RateLimiterPostgres({ ...TABLE, storeClient: dataSource, keyPrefix, duration });
    this.failures = limiter('failures', FAILURE_MEMORY_SECONDS);
    this.waits = limiter('wait', 1);
    this.devices = limiter('device', DEVICE_MEMORY_SECONDS);
  }

  override async wait(attempt: Attempt): Promise<number> {
    const waits = await Promise.all((await this.buckets(attempt)).map(({ key }) => this.waits.get(key)));
    return Math.ceil(Math.max(0, ...waits.map((wait) => wait?.msBeforeNext ?? 0)) / 1_000);
  }

  override async countFailure(attempt: Attempt): Promise<void> {
    await Promise.all((await this.buckets(attempt)).map((bucket) => this.countIn(bucket)));
  }

  override async countSuccess(attempt: Attempt): Promise<void> {
    const { account, device } = throttleKeys(this.lookup, attempt);
    if (!account || !device) return;
    await Promise.all([
      ...[account, device].flatMap(({ key }) => [this.failures.delete(key), this.waits.delete(key)]),
      this.devices.set(device.key, 1, DEVICE_MEMORY_SECONDS),
    ]);
  }

  private async countIn({ key, free }: Bucket): Promise<void> {
    const { consumedPoints } = await this.failures.penalty(key);
    const seconds = waitAfter(consumedPoints, free);
    if (seconds > 0) await this.waits.block(key, seconds);
  }

  private async buckets(attempt: Attempt): Promise<Bucket[]> {
    const keys = throttleKeys(this.lookup, attempt);
    const known = keys.device && (await this.devices.get(keys.device.key));
    return bucketsOf(keys, !!known);
  }
}

const TABLE = {
  storeType: 'typeorm',
  tableName: 'sign_in_throttle',
  // By a migration.
  tableCreated: true,
  points: 1,
};
