import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Measurements } from '../metrics/measurements';
import { defineGauge, type GaugeOf } from '../metrics/metric';
import { RedisConnections } from './redis-connections';

const RedisUp = defineGauge('posthorn_redis_up', { from: 'worker', help: 'Whether this worker is connected to Redis: 1 or 0.' });

export const redisMetricProviders = [RedisUp.provider];

@Injectable()
export class RedisGauge implements OnModuleInit {
  constructor(
    private readonly connections: RedisConnections,
    private readonly measurements: Measurements,
    @InjectMetric(RedisUp.name) private readonly up: GaugeOf<typeof RedisUp>,
  ) {}

  onModuleInit(): void {
    this.measurements.look(() => {
      this.up.set(this.connections.ready ? 1 : 0);
    });
  }
}
