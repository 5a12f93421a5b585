import Redis from 'ioredis';
import { type RedisMemory, redisMemory, SAFE_POLICY } from '../queue/redis-memory';
import { type Finding, ok, problem, reasonOf, warning } from './finding';

const TIMEOUT_MS = 2_000;
const MEMORY_WARNING = 0.8;

export async function examineRedis(url: string): Promise<Finding[]> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: TIMEOUT_MS, commandTimeout: TIMEOUT_MS, retryStrategy: () => null });
  // Every failed command rejects; without a listener it would be printed as well.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const memory = redisMemory(await redis.info('memory'));
    return [ok('redis', 'Answers at REDIS_URL.'), eviction(memory), usage(memory)];
  } catch (error) {
    return [problem('redis', `Redis does not answer at REDIS_URL (${reasonOf(error)}). Deliveries go on; mail and other reactions wait.`)];
  } finally {
    redis.disconnect();
  }
}

function eviction({ policy }: RedisMemory): Finding {
  return policy === SAFE_POLICY
    ? ok('redis.eviction', 'maxmemory-policy is noeviction.')
    : problem('redis.eviction', `maxmemory-policy is ${policy}: parts of queues would vanish. Set it to noeviction.`);
}

function usage({ usedBytes, limitBytes }: RedisMemory): Finding {
  if (limitBytes === 0) return ok('redis.memory', 'There is no limit of memory.');
  const share = usedBytes / limitBytes;
  return (share > MEMORY_WARNING ? warning : ok)('redis.memory', `${Math.round(share * 100)} % of maxmemory is used.`);
}
