import Redis from 'ioredis';
import { clusterOf, nodesOf, type RedisAddress } from '../queue/redis-connections';
import { type RedisMemory, redisMemory, SAFE_POLICY } from '../queue/redis-memory';
import { type Finding, ok, problem, reasonOf, warning } from './finding';

const TIMEOUT_MS = 2_000;
const MEMORY_WARNING = 0.8;

export async function examineRedis({ urls, cluster }: RedisAddress): Promise<Finding[]> {
  const options = { connectTimeout: TIMEOUT_MS, commandTimeout: TIMEOUT_MS };
  const redis = cluster
    ? clusterOf(urls, options, () => null)
    : new Redis(urls[0] ?? '', { ...options, lazyConnect: true, retryStrategy: () => null });
  // Every failed command rejects; without a listener it would be printed as well.
  redis.on('error', () => undefined);
  try {
    if (redis instanceof Redis) await redis.connect();
    else await redis.cluster('INFO');
    const nodes = nodesOf(redis);
    const memory = await Promise.all(nodes.map(async (node) => redisMemory(await node.info('memory'))));
    const answers = cluster ? `A cluster of ${nodes.length} nodes answers at REDIS_URL.` : 'Answers at REDIS_URL.';
    return [ok('redis', answers), worst(memory.map(eviction)), worst(memory.map(usage))];
  } catch (error) {
    return [problem('redis', `Redis does not answer at REDIS_URL (${reasonOf(error)}). Deliveries go on; mail and other reactions wait.`)];
  } finally {
    redis.disconnect();
  }
}

function worst(findings: readonly Finding[]): Finding {
  const [first] = findings;
  if (!first) throw new Error('a Redis without nodes');
  return findings.find(({ level }) => level === 'problem') ?? findings.find(({ level }) => level === 'warning') ?? first;
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
