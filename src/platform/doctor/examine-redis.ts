import Redis from 'ioredis';
import { type Finding, ok, problem, reasonOf, warning } from './finding';

const TIMEOUT_MS = 2_000;
const MEMORY_WARNING = 0.8;

export async function examineRedis(url: string): Promise<Finding[]> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: TIMEOUT_MS, commandTimeout: TIMEOUT_MS, retryStrategy: () => null });
  // Every failed command rejects; without a listener it would be printed as well.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const memory = fields(await redis.info('memory'));
    return [ok('redis', 'Answers at REDIS_URL.'), eviction(memory), usage(memory)];
  } catch (error) {
    return [problem('redis', `Redis does not answer at REDIS_URL (${reasonOf(error)}). Deliveries go on; mail and other reactions wait.`)];
  } finally {
    redis.disconnect();
  }
}

function eviction(memory: ReadonlyMap<string, string>): Finding {
  const policy = memory.get('maxmemory_policy') ?? 'unknown';
  return policy === 'noeviction'
    ? ok('redis.eviction', 'maxmemory-policy is noeviction.')
    : problem('redis.eviction', `maxmemory-policy is ${policy}: parts of queues would vanish. Set it to noeviction.`);
}

function usage(memory: ReadonlyMap<string, string>): Finding {
  const [used, most] = ['used_memory', 'maxmemory'].map((name) => Number(memory.get(name) ?? 0)) as [number, number];
  if (most === 0) return ok('redis.memory', 'There is no limit of memory.');
  const share = used / most;
  return (share > MEMORY_WARNING ? warning : ok)('redis.memory', `${Math.round(share * 100)} % of maxmemory is used.`);
}

function fields(info: string): ReadonlyMap<string, string> {
  return new Map([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]));
}
