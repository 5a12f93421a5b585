import { Test } from '@nestjs/testing';
import { eventually } from '../../../../test/support/eventually';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import { TaskStore } from '../domain/task-store';
import { type StepResult, type Task, TaskSteps, TaskWork } from '../task-work';
import { InMemoryTaskStore } from '../testing/in-memory-task-store';
import { aTask } from '../testing/task-store.contract';
import { TaskRunner } from './task-runner';

type Step = (task: Task<unknown, number>) => StepResult<number> | Promise<StepResult<number>>;

/** Does what the test says. */
@TaskSteps('spec.scripted')
class ScriptedWork extends TaskWork<unknown, number> {
  readonly seen: Task<unknown, number>[] = [];
  script: Step = ({ cursor }) => ({ cursor: (cursor ?? 0) + 1, done: true });

  override async step(task: Task<unknown, number>): Promise<StepResult<number>> {
    this.seen.push(task);
    return this.script(task);
  }
}

describe('TaskRunner', () => {
  let store: InMemoryTaskStore;
  beforeEach(() => (store = new InMemoryTaskStore()));
  const undo: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0)) await step();
  });

  /** A worker with one task of the script. */
  async function working(script: Step) {
    const module = await Test.createTestingModule({
      providers: [
        TaskRunner,
        ScriptedWork,
        { provide: TaskStore, useValue: store },
        { provide: UnitOfWork, useClass: ImmediateUnitOfWork },
      ],
    }).compile();
    module.useLogger(false);
    const work = module.get(ScriptedWork);
    work.script = script;
    const { id } = await store.start(aTask({ type: 'spec.scripted' }));
    await module.init();
    const stop = () => module.close();
    undo.push(stop);
    const row = () => store.rows.get(id)!;
    return { id, work, row, stop, runner: module.get(TaskRunner), over: () => eventually(() => row().status !== 'running') };
  }

  it('takes step after step, each from the cursor of the last, to the end', async () => {
    const { work, row, over } = await working(({ cursor }) => {
      const done = (cursor ?? 0) + 1;
      return { cursor: done, done: done === 3, progress: { done, total: 3 }, ...(done === 3 ? { result: ['all'] } : {}) };
    });
    await over();
    expect(work.seen.map(({ cursor }) => cursor)).toEqual([null, 1, 2]);
    expect(row()).toMatchObject({ status: 'finished', progress: { done: 3, total: 3 }, result: ['all'] });
  });

  it('repeats a step that threw, later, from the same cursor', async () => {
    let failures = 2;
    const { work, row, over, runner } = await working(({ cursor }) => {
      if (cursor === 1 && failures-- > 0) throw new Error('away');
      return { cursor: (cursor ?? 0) + 1, done: cursor === 1 };
    });
    for (const [calls, wait] of [
      [2, 1_001],
      [3, 2_001],
    ] as const) {
      await eventually(() => work.seen.length === calls && row().lease === null);
      store.pass(wait);
      runner.wake();
    }
    await over();
    expect(work.seen.map(({ cursor }) => cursor)).toEqual([null, 1, 1, 1]);
    expect(row().status).toBe('finished');
  });

  it.each([
    [new Error('secret'), 'internal_error'],
    [new EntityNotFound(), 'not_found'],
  ])('gives up after ten tries, with a stable reason (%s)', async (error, reason) => {
    const { work, row, over, runner } = await working(() => {
      throw error;
    });
    for (let tries = 1; tries < 10; tries++) {
      await eventually(() => work.seen.length === tries && row().lease === null);
      store.pass(300_001);
      runner.wake();
    }
    await over();
    expect(work.seen).toHaveLength(10);
    expect(row()).toMatchObject({ status: 'failed', reason });
  });

  it('leaves a task alone until the step that it asked for makes sense', async () => {
    const { work, row, over, runner } = await working(({ cursor }) => ({ cursor: 1, done: cursor === 1, againInMs: 5_000 }));
    await eventually(() => row().cursor === 1);
    runner.wake();
    expect(row().lease).toBeNull();
    store.pass(5_001);
    runner.wake();
    await over();
    expect(work.seen).toHaveLength(2);
  });

  it('drops the step under way when the task is canceled', async () => {
    const { work, row, stop } = await working(async ({ id }) => {
      await store.cancel(id);
      return { cursor: 1, done: false };
    });
    await eventually(() => work.seen.length === 1);
    await stop();
    expect(work.seen).toHaveLength(1);
    expect(row()).toMatchObject({ status: 'canceled', cursor: null });
  });

  it('ends after the step under way when the worker stops, and puts the task back', async () => {
    let finishStep: (() => void) | undefined;
    const { work, row, runner } = await working(async () => {
      await new Promise<void>((resolve) => (finishStep = resolve));
      return { cursor: 7, done: false };
    });
    await eventually(() => finishStep);
    const stopped = runner.beforeApplicationShutdown();
    finishStep!();
    await stopped;
    expect(work.seen).toHaveLength(1);
    expect(row()).toMatchObject({ status: 'running', cursor: 7, lease: null });
  });

  it('takes a step that killed its worker each time for the cause', async () => {
    const task = aTask({ type: 'spec.killer' });
    await store.start(task);
    for (let crash = 0; crash < 10; crash++) {
      await store.claim(['spec.killer'], 1);
      store.pass(16_000);
    }
    TaskSteps('spec.killer')(class extends ScriptedWork {});
    const { work, over } = await working(() => ({ cursor: 1, done: true }));
    await over();
    await eventually(() => store.rows.get(task.id)!.status === 'failed');
    expect(work.seen.map(({ id }) => id)).not.toContain(task.id);
  });
});
