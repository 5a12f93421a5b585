import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { BackgroundLoop } from '../../../platform/background/background-loop';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { DomainError } from '../../../platform/errors/domain-error';
import { diedTooOften, waitAfterFailure } from '../domain/step-retry';
import { type ClaimedTask, LeaseLost, type SavedStep, TaskStore } from '../domain/task-store';
import { type StepResult, taskTypes, workOf } from '../task-work';

const SWEEP_MS = 2_000;
/** Each holds a connection during its steps. */
const AT_ONCE = 4;
/** After this a task goes to the end of the line. */
const TURN_MS = 10_000;

/** Runs the tasks of this worker, a few at a time, step by step. */
@Injectable()
export class TaskRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TaskRunner.name);
  private readonly loop = new BackgroundLoop({ name: 'tasks', intervalMs: SWEEP_MS, work: () => this.round(), logger: this.logger });
  private readonly running = new Set<Promise<void>>();
  private stopping = false;

  constructor(
    private readonly tasks: TaskStore,
    private readonly uow: UnitOfWork,
    private readonly modules: ModuleRef,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Every task ends with the step that is under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.loop.stop();
    await Promise.all(this.running);
  }

  wake(): void {
    this.loop.wake();
  }

  private async round(): Promise<boolean> {
    const room = AT_ONCE - this.running.size;
    if (room <= 0) return false;
    for (const task of await this.tasks.claim(taskTypes(), room)) {
      this.logger.debug(named(task), 'task claimed');
      const turn = this.turn(task)
        .catch((error: unknown) => {
          this.logger.warn({ ...named(task), err: error }, 'task left to the sweep');
        })
        .finally(() => {
          this.running.delete(turn);
          this.wake();
        });
      this.running.add(turn);
    }
    return false;
  }

  private async turn(task: ClaimedTask): Promise<void> {
    if (diedTooOften(task.attempt)) return this.tasks.fail(task, { error: 'WorkerDied', reason: 'internal_error', inMs: null });
    const until = performance.now() + TURN_MS;
    let [cursor, attempt, goesOn] = [task.cursor, task.attempt, true];
    try {
      while (goesOn && !this.stopping && performance.now() < until) {
        ({ cursor, goesOn } = await this.step({ ...task, cursor }));
        attempt = 1;
      }
    } catch (error) {
      if (error instanceof LeaseLost) return;
      return this.failed({ ...task, attempt }, error);
    }
    if (goesOn) await this.tasks.release(task);
  }

  private step(task: ClaimedTask): Promise<{ cursor: unknown; goesOn: boolean }> {
    return this.uow.run(async () => {
      const result = await this.modules.get(workOf(task.type), { strict: false }).step(task);
      const step = savedStep(result);
      await this.tasks.save(task, step);
      return { cursor: result.cursor, goesOn: step.next.kind === 'go_on' };
    });
  }

  private async failed(task: ClaimedTask, error: unknown): Promise<void> {
    const inMs = waitAfterFailure(task.attempt);
    const context = { ...named(task), attempt: task.attempt, err: error };
    if (inMs === null) this.logger.error(context, 'task failed');
    else this.logger.warn(context, 'a step of a task failed and will be repeated');
    await this.tasks.fail(task, {
      error: error instanceof Error ? error.name : typeof error,
      reason: error instanceof DomainError ? error.code : 'internal_error',
      inMs,
    });
  }
}

const named = ({ id, type }: ClaimedTask) => ({ taskId: id, type });

function savedStep({ cursor, done, progress, result = null, againInMs }: StepResult<unknown>): SavedStep {
  const saved = { cursor, progress: progress ?? null };
  if (done) return { ...saved, next: { kind: 'finish', result } };
  return { ...saved, next: againInMs === undefined ? { kind: 'go_on' } : { kind: 'again', inMs: againInMs } };
}
