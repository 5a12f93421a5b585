import { getQueueToken } from '@nestjs/bull';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Queue } from 'bull';
import { eventually } from '../../../test/support/eventually';
import { startTestRedis } from '../../../test/support/redis';
import { Bells } from './bells';
import { QueueModule } from './queue.module';

const QUEUE = 'test.queue';

describe('Bells', () => {
  let redis: Awaited<ReturnType<typeof startTestRedis>>;
  let worker: INestApplicationContext;
  let bells: Bells;

  beforeEach(async () => {
    redis = await startTestRedis();
    worker = await NestFactory.createApplicationContext(
      QueueModule.forRoot({ urls: [redis.url], cluster: false, prefix: 'test' }, [QUEUE]),
      {
        logger: false,
        abortOnError: false,
      },
    );
    bells = worker.get(Bells);
    await eventually(() => bells.canRing);
  });
  afterEach(async () => {
    await worker.close();
    await redis.stop();
  });

  const waiting = () => worker.get<Queue>(getQueueToken(QUEUE)).getWaiting();
  const data = async () => (await waiting()).map((job) => job.data as object);

  it('add a job that says nothing', async () => {
    expect(await bells.ring(QUEUE)).toBe(true);
    expect(await data()).toEqual([{}]);
  });

  it('share one more bell when many call while one is on its way', async () => {
    expect(await Promise.all(Array.from({ length: 50 }, () => bells.ring(QUEUE)))).toEqual(Array.from({ length: 50 }, () => true));
    expect(await data()).toEqual([{}, {}]);
  });

  it('add one job for each of many', async () => {
    await bells.ringAll(QUEUE, [{ eventId: 'a' }, { eventId: 'b' }]);
    expect(await data()).toEqual(expect.arrayContaining([{ eventId: 'a' }, { eventId: 'b' }]));
  });

  it('keep their keys under the prefix of the installation', async () => {
    await bells.ring(QUEUE);
    const keys = await worker.get<Queue>(getQueueToken(QUEUE)).client.keys('*');
    expect(keys).not.toEqual([]);
    expect(keys.filter((key) => !key.startsWith('test:'))).toEqual([]);
  });

  it('of a queue that nobody made ring for nobody, without an error', async () => {
    expect(await bells.ring('test.unknown')).toBe(false);
    await bells.ringAll('test.unknown', [{}]);
  });

  it('are silent while Redis is away, and ring again when it is back, empty', async () => {
    await redis.leave();
    await eventually(() => !bells.canRing);
    expect(await bells.ring(QUEUE)).toBe(false);
    await bells.ringAll(QUEUE, [{}]);

    await redis.comeBack();
    await eventually(() => bells.canRing);
    expect(await bells.ring(QUEUE)).toBe(true);
    expect(await waiting()).not.toEqual([]);
  });

  it('do not wait for a Redis that hangs', async () => {
    redis.freeze();
    expect(await bells.ring(QUEUE)).toBe(false);
    await bells.ringAll(QUEUE, [{}]);
    redis.thaw();
    await eventually(() => bells.ring(QUEUE));
  });
});
