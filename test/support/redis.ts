import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startLocalRedis } from '../../src/local/local-redis';
import { REDIS_PACKAGE } from './services';

/** A Redis that belongs to one test, to be wiped, stopped and started again on the same port. */
export async function startTestRedis() {
  const directory = mkdtempSync(join(tmpdir(), 'posthorn-redis-'));
  let redis = await startLocalRedis({ directory, packageDirectory: REDIS_PACKAGE });
  return {
    url: redis.url,
    async wipe(): Promise<void> {
      const client = new Redis(redis.url);
      await client.flushall();
      client.disconnect();
    },
    /** As with a full disk or a full memory: what is read is answered, what writes is refused. */
    async refuseWrites(refused: boolean): Promise<void> {
      const client = new Redis(redis.url);
      await client.config('SET', 'maxmemory', refused ? '1' : '0');
      client.disconnect();
    },
    /** Takes connections and answers nothing, until `thaw()`. */
    freeze(): void {
      process.kill(redis.pid, 'SIGSTOP');
    },
    thaw(): void {
      process.kill(redis.pid, 'SIGCONT');
    },
    /** Gone until `comeBack()`. */
    async leave(): Promise<void> {
      redis.kill();
      await redis.exited;
    },
    async comeBack(): Promise<void> {
      redis = await startLocalRedis({ directory, packageDirectory: REDIS_PACKAGE, port: redis.port });
    },
    async stop(): Promise<void> {
      await redis.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
