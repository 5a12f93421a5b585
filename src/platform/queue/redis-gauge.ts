import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Measurements } from '../metrics/measurements';
import { defineGauge, type GaugeOf } from '../metrics/metric';
import { nodesOf, RedisConnections } from './redis-connections';
import { fullest, redisMemory, SAFE_POLICY } from './redis-memory';

const RedisUp = defineGauge('posthorn_redis_up', { from: 'worker', help: 'Whether this worker is connected to Redis: 1 or 0.' });
const Used = defineGauge('posthorn_redis_memory_used_bytes', {
  from: 'worker',
  of: 'installation',
  help: 'Memory that Redis uses, whoever fills it.',
});
const Limit = defineGauge('posthorn_redis_memory_limit_bytes', {
  from: 'worker',
  of: 'installation',
  help: 'Memory that Redis may use (maxmemory); 0 without a limit.',
});
const Evicts = defineGauge('posthorn_redis_evicts', {
  from: 'worker',
  of: 'installation',
  help: 'Whether Redis would throw keys away when it is full: 1, or 0 where maxmemory-policy is noeviction.',
});

export const redisMetricProviders = [RedisUp, Used, Limit, Evicts].map(({ provider }) => provider);

const EVERY_MS = 15_000;

@Injectable()
export class RedisGauge implements OnModuleInit {
  constructor(
    private readonly connections: RedisConnections,
    private readonly measurements: Measurements,
    @InjectMetric(RedisUp.name) private readonly up: GaugeOf<typeof RedisUp>,
    @InjectMetric(Used.name) private readonly used: GaugeOf<typeof Used>,
    @InjectMetric(Limit.name) private readonly limit: GaugeOf<typeof Limit>,
    @InjectMetric(Evicts.name) private readonly evicts: GaugeOf<typeof Evicts>,
  ) {}

  onModuleInit(): void {
    this.measurements.look(() => {
      this.up.set(this.connections.ready ? 1 : 0);
    });
    this.measurements.add({
      name: 'redis',
      everyMs: EVERY_MS,
      take: () => this.measure(),
      forget: () => {
        this.forget();
      },
    });
  }

  private async measure(): Promise<void> {
    // That it is away, `up` says.
    if (!this.connections.ready) {
      this.forget();
      return;
    }
    const nodes = nodesOf(this.connections.client('client'));
    const memories = await Promise.all(nodes.map(async (node) => redisMemory(await node.info('memory'))));
    const { usedBytes, limitBytes } = fullest(memories);
    this.used.set(usedBytes);
    this.limit.set(limitBytes);
    this.evicts.set(memories.every(({ policy }) => policy === SAFE_POLICY) ? 0 : 1);
  }

  private forget(): void {
    for (const gauge of [this.used, this.limit, this.evicts]) gauge.remove();
  }
}
