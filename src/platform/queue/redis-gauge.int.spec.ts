import { Logger } from '@nestjs/common';
import Redis from 'ioredis';
import { Gauge, Registry } from 'prom-client';
import { startTestRedis } from '../../../test/support/redis';
import { eventually } from '../../../test/support/eventually';
import { Measurements } from '../metrics/measurements';
import { RedisConnections } from './redis-connections';
import { RedisGauge } from './redis-gauge';

/** Measured at each look, not now and then. */
class Impatient extends Measurements {
  override add(measurement: Parameters<Measurements['add']>[0]): void {
    super.add({ ...measurement, everyMs: 0 });
  }
}

describe('RedisGauge', () => {
  it('tells how full Redis is, what it does then, and nothing of one that is away', async () => {
    Logger.overrideLogger(false);
    const server = await startTestRedis();
    const connections = new RedisConnections({ urls: [server.url], cluster: false });
    const operator = new Redis(server.url);
    const registry = new Registry();
    const [up, used, limit, evicts] = ['up', 'used', 'limit', 'evicts'].map(
      (name) => new Gauge({ name, help: name, registers: [registry] }),
    ) as [Gauge, Gauge, Gauge, Gauge];
    const measurements = new Impatient();
    new RedisGauge(connections, measurements, up, used, limit, evicts).onModuleInit();
    connections.client('client');
    const values = async () => {
      await measurements.refresh();
      const all = await registry.getMetricsAsJSON();
      return Object.fromEntries(all.flatMap(({ name, values: [first] }) => (first ? [[name, first.value]] : [])));
    };
    try {
      await eventually(async () => (await values())['up'] === 1);
      expect(await values()).toEqual({ up: 1, used: expect.any(Number), limit: 0, evicts: 0 });
      await operator.config('SET', 'maxmemory', '64mb');
      await operator.config('SET', 'maxmemory-policy', 'allkeys-lru');
      expect(await values()).toMatchObject({ limit: 64 * 2 ** 20, evicts: 1 });
      operator.disconnect();
      await server.leave();
      await eventually(async () => (await values())['up'] === 0);
      expect(await values()).toEqual({ up: 0 });
    } finally {
      operator.disconnect();
      connections.onApplicationShutdown();
      await server.stop();
    }
  });
});
