import { Injectable } from '@nestjs/common';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { Sql } from '../../../platform/database/sql';
import { type Attempt, DEVICE_MEMORY_SECONDS, FAILURE_MEMORY_SECONDS, SignInThrottle, waitAfter } from '../domain/sign-in-throttle';
import { type Bucket, bucketsOf, throttleKeys } from './throttle-keys';

type Known = { readonly key: string; readonly known: boolean; readonly wait: number };

const LOOK = {
  name: 'sign_in_throttle.look',
  text: `
    SELECT key, coalesce(known_until > now(), false) AS known,
           ceil(greatest(0, extract(epoch FROM wait_until - now())))::int AS wait
      FROM sign_in_throttle WHERE key = ANY ($1)`,
};

/** $1 keys, $2 seconds until the failures are forgotten. Clears away as it goes: two rows that expired for one that is made. */
const COUNT = `
  WITH expired AS (
    DELETE FROM sign_in_throttle
     WHERE key = ANY (ARRAY(SELECT key FROM sign_in_throttle WHERE expires_at < now() AND key <> ALL ($1) LIMIT 4 FOR UPDATE SKIP LOCKED))
  )
  INSERT INTO sign_in_throttle AS t (key, failures, forget_at, expires_at)
  SELECT key, 1, now() + make_interval(secs => $2), now() + make_interval(secs => $2) FROM unnest($1::text[]) AS i (key) ORDER BY key
  ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN t.forget_at > now() THEN t.failures + 1 ELSE 1 END,
    forget_at = CASE WHEN t.forget_at > now() THEN t.forget_at ELSE excluded.forget_at END,
    expires_at = greatest(t.expires_at, excluded.expires_at)
  RETURNING key, failures`;

/** Failures that were counted at the same time set the longest of their waits. */
const WAIT = `
  UPDATE sign_in_throttle t SET wait_until = greatest(t.wait_until, now() + make_interval(secs => i.seconds))
    FROM (SELECT * FROM unnest($1::text[], $2::int[]) AS i (key, seconds) ORDER BY key) i
   WHERE t.key = i.key`;

/** $1 the account's key, $2 the device's, $3 seconds for which the device is remembered. */
const SUCCEED = {
  name: 'sign_in_throttle.succeed',
  text: `
    WITH forgotten AS (DELETE FROM sign_in_throttle WHERE key = $1)
    INSERT INTO sign_in_throttle (key, known_until, expires_at)
    VALUES ($2, now() + make_interval(secs => $3), now() + make_interval(secs => $3))
    ON CONFLICT (key) DO UPDATE SET
      failures = 0, forget_at = NULL, wait_until = NULL, known_until = excluded.known_until, expires_at = excluded.expires_at`,
};

/** Counts in PostgreSQL: shared by all processes, and Redis may lose everything without anybody getting more guesses. */
@Injectable()
export class PostgresSignInThrottle extends SignInThrottle {
  constructor(
    private readonly sql: Sql,
    private readonly lookup: LookupHash,
  ) {
    super();
  }

  override async wait(attempt: Attempt): Promise<number> {
    const { buckets, waits } = await this.look(attempt);
    return Math.max(0, ...buckets.map(({ key }) => waits.get(key) ?? 0));
  }

  override async countFailure(attempt: Attempt): Promise<void> {
    const { buckets } = await this.look(attempt);
    if (buckets.length === 0) return;
    const free = new Map(buckets.map((bucket) => [bucket.key, bucket.free]));
    const counts = await this.sql.run<{ key: string; failures: number }>(COUNT, [[...free.keys()], FAILURE_MEMORY_SECONDS]);
    const waits = counts
      .map(({ key, failures }) => ({ key, seconds: waitAfter(failures, free.get(key) ?? 0) }))
      .filter(({ seconds }) => seconds > 0);
    if (waits.length > 0) await this.sql.run(WAIT, [waits.map(({ key }) => key), waits.map(({ seconds }) => seconds)]);
  }

  override async countSuccess(attempt: Attempt): Promise<void> {
    const { account, device } = throttleKeys(this.lookup, attempt);
    if (account && device) await this.sql.run(SUCCEED, [account.key, device.key, DEVICE_MEMORY_SECONDS]);
  }

  private async look(attempt: Attempt): Promise<{ readonly buckets: Bucket[]; readonly waits: ReadonlyMap<string, number> }> {
    const keys = throttleKeys(this.lookup, attempt);
    const all = [keys.account, keys.address, keys.device].flatMap((bucket) => bucket?.key ?? []);
    const rows = await this.sql.run<Known>(LOOK, [all]);
    const knownDevice = rows.some(({ key, known }) => known && key === keys.device?.key);
    return { buckets: bucketsOf(keys, knownDevice), waits: new Map(rows.map(({ key, wait }) => [key, wait])) };
  }
}
