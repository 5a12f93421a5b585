import { randomBytes } from 'node:crypto';
import { Global, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { z } from 'zod';
import { eventually } from '../../../test/support/eventually';
import { startTestRedis } from '../../../test/support/redis';
import { openTestStore, type TestStore } from '../../../test/support/store';
import { DatabaseModule } from '../database/database.module';
import { defineEvent } from '../events/domain-event';
import { QueueModule, type RedisSettings } from '../queue/queue.module';
import { EventObserver, Observer } from './observer';
import { type ObservedEvent, ObserverJobs } from './observer-jobs';
import { Outbox, OUTBOX_CHANNEL } from './outbox';
import { RetentionMetricsModule } from '../retention/retention-metrics';
import { OutboxWorkerModule } from './outbox-worker.module';

const Noted = defineEvent('test.noted', z.object({ noteId: z.string() }));
type Note = z.infer<typeof Noted.schema>;

const observed: ObservedEvent<Note>[] = [];
let failures = 0;

@Observer('test.note', Noted)
class NoteObserver extends EventObserver<Note> {
  protected override async observe(event: ObservedEvent<Note>): Promise<void> {
    observed.push(event);
    if (failures-- > 0) throw new Error('not now');
  }
}

@Global()
@Module({ providers: [ObserverJobs], exports: [ObserverJobs] })
class Duties {}

/** As little of a worker as an observer needs. */
@Module({ providers: [NoteObserver] })
class Notes {}

describe('observers', () => {
  const undo: (() => Promise<unknown>)[] = [];
  let db: TestStore;
  let outbox: Outbox;

  beforeEach(async () => {
    observed.length = failures = 0;
    db = await openTestStore();
    undo.push(() => db.close());
    outbox = new Outbox(db.uow);
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  const sharedRedis = (): RedisSettings => ({
    urls: [process.env['TEST_REDIS_URL']!],
    cluster: false,
    prefix: `test-${randomBytes(6).toString('hex')}`,
  });

  async function startWorker(redis: RedisSettings): Promise<INestApplicationContext> {
    const imports = [
      DatabaseModule.forRoot({ url: db.url, poolSize: 4 }, { encryption: [{ id: 'test', key: randomBytes(32) }], lookup: randomBytes(32) }),
      QueueModule.forRoot(redis, []),
      RetentionMetricsModule,
      OutboxWorkerModule.forRoot(db.url, 0),
      Duties,
    ];
    const worker = await NestFactory.createApplicationContext({ module: Notes, imports }, { logger: false, abortOnError: false });
    undo.push(() => worker.close());
    return worker;
  }

  const note = (noteId: string) => outbox.append([Noted({ noteId })], 'org_1');
  const noteIds = () => observed.map(({ payload }) => payload.noteId);
  const nothingLeft = () => eventually(async () => (await db.sql.run('SELECT 1 FROM observer_job')).length === 0, { what: 'no job left' });

  it('see an event with its payload, once', async () => {
    await startWorker(sharedRedis());
    await note('a');
    await nothingLeft();
    expect(observed).toEqual([
      {
        id: expect.stringMatching(/^evt_/),
        type: 'test.noted',
        payload: { noteId: 'a' },
        organizationId: 'org_1',
        occurredAt: expect.any(Date),
      },
    ]);
  });

  it('are called again after each failure, until they succeed', async () => {
    failures = 2;
    await startWorker(sharedRedis());
    await note('a');
    for (const attempts of [1, 2]) {
      // The wait is over at once, and the relay hears of it.
      await eventually(() =>
        db.sql.transaction(async (run) => {
          const [due] = await run('UPDATE observer_job SET due_at = now() WHERE attempts = $1 AND due_at > now() RETURNING 1', [attempts]);
          await run(`SELECT pg_notify($1, '')`, [OUTBOX_CHANNEL]);
          return due;
        }),
      );
    }
    await nothingLeft();
    expect(noteIds()).toEqual(['a', 'a', 'a']);
    expect(new Set(observed.map(({ id }) => id)).size).toBe(1);
  });

  it('do not see a payload that breaks the schema of its event', async () => {
    await startWorker(sharedRedis());
    await outbox.append([{ type: 'test.noted', payload: { noteId: 7 } }], null);
    await eventually(async () => (await db.sql.run('SELECT 1 FROM observer_job WHERE last_error IS NOT NULL')).length === 1);
    expect(observed).toEqual([]);
  });

  it('see what was committed while no worker ran, and what was committed between two', async () => {
    await note('before');
    const redis = sharedRedis();
    const first = await startWorker(redis);
    await nothingLeft();
    await first.close();
    await note('between');
    await startWorker(redis);
    await nothingLeft();
    expect(noteIds()).toEqual(['before', 'between']);
  });

  it('lose nothing when Redis is wiped between the commit and the bell, or after it', async () => {
    const redis = await startTestRedis();
    undo.push(() => redis.stop());
    const settings = { urls: [redis.url], cluster: false, prefix: 'test' };
    await startWorker(settings);
    await note('a');
    await nothingLeft();

    await redis.wipe();
    await note('b');
    await redis.wipe();
    // A bell that was rung, and wiped before anybody heard it.
    await db.sql.run(`UPDATE observer_job SET rung_until = now() - interval '1 s' WHERE rung_until IS NOT NULL`);
    await nothingLeft();
    expect(new Set(noteIds())).toEqual(new Set(['a', 'b']));
  });

  it('wait while Redis is away, and go on when it is back, empty', async () => {
    const redis = await startTestRedis();
    undo.push(() => redis.stop());
    await startWorker({ urls: [redis.url], cluster: false, prefix: 'test' });
    await redis.leave();
    await note('a');
    await redis.comeBack();
    await eventually(
      async () => {
        await db.sql.run(`UPDATE observer_job SET rung_until = now() - interval '1 s' WHERE rung_until IS NOT NULL AND lease IS NULL`);
        return (await db.sql.run('SELECT 1 FROM observer_job')).length === 0;
      },
      { within: 20_000, what: 'no job left' },
    );
    expect(noteIds()).toContain('a');
  });

  it('a worker starts and stops though Redis is away', async () => {
    const redis = await startTestRedis();
    undo.push(() => redis.stop());
    await redis.leave();
    await note('a');
    const worker = await startWorker({ urls: [redis.url], cluster: false, prefix: 'test' });
    await worker.close();
    expect(observed).toEqual([]);
    expect(await db.sql.run('SELECT attempts, rung_until FROM observer_job')).toEqual([{ attempts: 0, rung_until: null }]);
  });
});
