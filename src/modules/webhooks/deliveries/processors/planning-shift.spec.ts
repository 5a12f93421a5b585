import type { CommandBus } from '@nestjs/cqrs';
import type { Bells } from '../../../../platform/queue/bells';
import { DeliverDue } from '../commands/deliver-due';
import { FanOutMessages } from '../commands/fan-out-messages';
import { FilterCandidates } from '../commands/filter-candidates';
import { DELIVER_QUEUE, FAN_OUT_QUEUE } from '../queues';
import { PlanningShift } from './planning-shift';

describe('PlanningShift', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  /** @param redis whether bells can be rung; `messages`: planned by each round, `tookMs`: that it takes */
  function shiftOf({ redis = true, messages = 1, waiting = 0, more = false, toFilter = 0, fails = 0, tookMs = 0 } = {}) {
    const rung: string[] = [];
    const done: string[] = [];
    let [failing, filtering] = [fails, toFilter];
    const commands = {
      execute: (command: unknown) => {
        done.push((command as object).constructor.name);
        if (failing-- > 0) return Promise.reject(new Error('database away'));
        if (command instanceof FanOutMessages)
          return new Promise((resolve) => {
            const fannedOut = { messages, waiting, toFilter: filtering > 0 };
            if (tookMs === 0) resolve(fannedOut);
            else setTimeout(() => resolve(fannedOut), tookMs);
          });
        return Promise.resolve(command instanceof FilterCandidates ? { deliveries: 1, more: --filtering > 0 } : more);
      },
    } as unknown as CommandBus;
    const bells = { ring: (queue: string) => Promise.resolve(redis && rung.push(queue) > 0) } as unknown as Bells;
    return { shift: new PlanningShift(commands, bells), rung, done };
  }
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('rings one bell for many commits, and another when nobody heard it', async () => {
    const { shift, rung, done } = shiftOf();
    await Promise.all([shift.notice(), shift.notice()]);
    await shift.notice();
    expect(rung).toEqual([FAN_OUT_QUEUE]);
    await pass(250);
    await shift.notice();
    expect(rung).toEqual([FAN_OUT_QUEUE, FAN_OUT_QUEUE]);
    expect(done).toEqual([]);
  });

  it('once heard plans for as long as something comes, without a bell', async () => {
    const { shift, rung, done } = shiftOf();
    const run = shift.run();
    for (let commit = 0; commit < 5; commit++) {
      await pass(40);
      await shift.notice();
    }
    await pass(0);
    expect(done).toEqual(Array(6).fill(FanOutMessages.name));
    await pass(50);
    await run;
    expect(rung).toEqual([]);
    await shift.notice();
    expect(rung).toEqual([FAN_OUT_QUEUE]);
  });

  it.each([
    ['few messages', { messages: 8 }, 5],
    ['many messages', { messages: 32 }, 20],
    ['more than many', { messages: 250 }, 20],
    ['more than filters decide at once', { messages: 0, toFilter: 2 }, 20],
  ])('pauses after a round of %s for a share of the time it took', async (_what, work, pauseMs) => {
    const { shift, done } = shiftOf({ ...work, tookMs: 10 });
    const rounds = () => done.filter((name) => name === FanOutMessages.name).length;
    const run = shift.run();
    await pass(5);
    await shift.notice();
    await pass(5 + pauseMs - 1);
    expect(rounds()).toBe(1);
    await pass(1);
    expect(rounds()).toBe(2);
    await pass(1_000);
    await run;
  });

  it('is one shift, however many bells there are', async () => {
    const { shift, done } = shiftOf();
    const runs = Promise.all([shift.run(), shift.run()]);
    await pass(100);
    await runs;
    expect(done).toEqual([FanOutMessages.name]);
  });

  it('needs no Redis', async () => {
    const { shift, done } = shiftOf({ redis: false });
    await shift.notice();
    await pass(0);
    expect(done).toEqual([FanOutMessages.name]);
  });

  it('delivers what was left waiting, and calls others now and then for what does not fit', async () => {
    const { shift, rung, done } = shiftOf({ waiting: 5, more: true });
    const run = shift.run();
    await pass(1);
    await shift.notice();
    await pass(100);
    await run;
    expect(done.filter((name) => name === DeliverDue.name).length).toBeGreaterThan(1);
    expect(rung).toEqual([DELIVER_QUEUE]);
  });

  it('lets filters decide until there is nothing left, and plans in between', async () => {
    const { shift, done } = shiftOf({ toFilter: 2 });
    const run = shift.run();
    await pass(100);
    await run;
    const round = [FanOutMessages.name, FilterCandidates.name, DeliverDue.name];
    expect(done).toEqual([...round, ...round]);
  });

  it('survives a failure', async () => {
    const { shift, done } = shiftOf({ fails: 1 });
    await shift.run();
    void shift.run();
    await pass(0);
    expect(done).toEqual([FanOutMessages.name, FanOutMessages.name]);
  });

  it('ends with its worker', async () => {
    const { shift } = shiftOf();
    const run = shift.run();
    await pass(1);
    await Promise.all([shift.beforeApplicationShutdown(), run]);
  });
});
