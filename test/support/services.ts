import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/local/embedded-postgres';
import { startLocalRedis } from '../../src/local/local-redis';

/** Kept, so that only the first run on a machine without Redis downloads one. */
export const REDIS_PACKAGE = join(__dirname, '../../node_modules/.cache/posthorn/redis-package');

const SHARED_MEMORY = '/dev/shm';

/** Only for tests: a crash of the machine may lose everything, so nothing is waited for. */
export const FORGETFUL = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '300',
  shared_buffers: '256MB',
};

export type ServiceOptions = {
  /** Of the folder; without it, the fastest place there is. */
  readonly parent?: string;
  readonly settings?: Readonly<Record<string, string>>;
};

export type Services = Awaited<ReturnType<typeof startServices>>;

/** One PostgreSQL and one Redis of our own on free ports, in a folder that goes away with them. */
export async function startServices({ parent = fastestFolder(), settings = FORGETFUL }: ServiceOptions = {}) {
  const folder = mkdtempSync(join(parent, 'posthorn-test-'));
  chmodSync(folder, 0o711);
  const results = await Promise.allSettled([
    startEmbeddedPostgres({ directory: join(folder, 'postgres'), password: randomBytes(12).toString('hex'), settings }),
    startLocalRedis({ directory: join(folder, 'redis'), packageDirectory: REDIS_PACKAGE }),
  ]);
  const stop = async (): Promise<void> => {
    for (const result of results) if (result.status === 'fulfilled') await result.value.stop();
    rmSync(folder, { recursive: true, force: true });
  };

  const [postgres, redis] = results;
  if (postgres.status === 'fulfilled' && redis.status === 'fulfilled') return { postgres: postgres.value, redis: redis.value, stop };
  await stop();
  throw new AggregateError(
    results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
    'The test services did not start.',
  );
}

/** In memory a copy of the template takes 25 ms, on a disk up to 300. Containers often have a /dev/shm too small to be of use. */
function fastestFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    return bavail * bsize > 2 ** 30 ? SHARED_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
