import { availableParallelism } from 'node:os';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Task } from './quickjs-thread';
import { DEADLINE_MS, type Result, SandboxThread } from './sandbox-thread';
import { type TransformationCall, type TransformationFailure, type TransformationResult, Transformer } from './transformer';

/** The first is started by the first call, another one when all are busy. */
const MAX_THREADS = Math.min(4, Math.max(2, availableParallelism() - 1));

/** More than one worker has under way: only a caller of the API who tries code again and again comes here. */
const MAX_WAITING = 200;

const ENDING: TransformationFailure = { kind: 'failed', flaw: 'timeout', message: 'This process ends: try again.' };

type Outcome = Result | { readonly kind: 'aborted' };
type Settle = (outcome: Outcome) => void;
type Waiting = { readonly task: Task; readonly settle: Settle; readonly signal: AbortSignal | undefined };
type Returned = Extract<TransformationResult, { kind: 'returned' }>['request'];

/**
 * JavaScript in QuickJS, compiled to WebAssembly, in threads of this process. Code has the language and nothing else: no module, no
 * network, no file, no timer, no environment. The thread is a second wall: one that does not answer in time is ended.
 */
@Injectable()
export class QuickJsTransformer extends Transformer implements OnApplicationShutdown {
  private readonly logger = new Logger(QuickJsTransformer.name);
  private readonly threads = new Set<SandboxThread>();
  private readonly idle: SandboxThread[] = [];
  /** By tenant; the one that waited longest for its turn is first. */
  private readonly waiting = new Map<string, Waiting[]>();
  /** One listener for each signal, however many calls it may end. */
  private readonly bySignal = new WeakMap<AbortSignal, Set<Settle>>();

  override async check(tenant: string, code: string): Promise<TransformationFailure | null> {
    const outcome = await this.run(tenant, { code, request: '{}', payload: null });
    return outcome.kind === 'failed' ? outcome : null;
  }

  override async transform({ tenant, code, request, payload }: TransformationCall, signal?: AbortSignal): Promise<TransformationResult> {
    const outcome = await this.run(tenant, { code, request: JSON.stringify({ ...request, cancel: false }), payload }, signal);
    if (outcome.kind !== 'returned') return outcome;
    const changed = outcome.payload && Buffer.from(outcome.payload);
    return { kind: 'returned', request: JSON.parse(outcome.request) as Returned, payload: changed ?? payload };
  }

  async onApplicationShutdown(): Promise<void> {
    const left = [...this.waiting.values()].flat();
    this.waiting.clear();
    // Who waits without a signal was promised an answer; it must not be that the code is good.
    for (const { settle, signal } of left) settle(signal ? { kind: 'aborted' } : ENDING);
    await Promise.all([...this.threads].map((thread) => thread.end()));
  }

  private run(tenant: string, task: Task, signal?: AbortSignal): Promise<Outcome> {
    if (signal?.aborted) return Promise.resolve({ kind: 'aborted' });
    const line = this.waiting.get(tenant) ?? [];
    if (line.length >= MAX_WAITING)
      return Promise.resolve({ kind: 'failed', flaw: 'timeout', message: 'Too much of it waits: try again later.' });
    const underWay = signal && this.endedBy(signal);
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        underWay?.delete(settle);
        resolve(outcome);
      };
      underWay?.add(settle);
      this.waiting.set(tenant, [...line, { task, settle, signal }]);
      this.assign();
    });
  }

  private endedBy(signal: AbortSignal): Set<Settle> {
    const known = this.bySignal.get(signal);
    if (known) return known;
    const underWay = new Set<Settle>();
    this.bySignal.set(signal, underWay);
    signal.addEventListener('abort', () => {
      for (const settle of underWay) settle({ kind: 'aborted' });
    });
    return underWay;
  }

  private assign(): void {
    while (this.waiting.size > 0) {
      const thread = this.freeThread();
      if (!thread) return;
      const next = this.takeTurn();
      if (next) void this.work(thread, next);
      else this.idle.push(thread);
    }
  }

  private freeThread(): SandboxThread | undefined {
    const idle = this.idle.pop();
    if (idle && !idle.hasEnded) return idle;
    if (idle) this.threads.delete(idle);
    if (this.threads.size >= MAX_THREADS) return undefined;
    const thread = new SandboxThread((error) => {
      this.logger.error({ err: error }, 'a thread of transformations broke down');
    });
    this.threads.add(thread);
    return thread;
  }

  /** @returns undefined for a turn that is not wanted any more */
  private takeTurn(): Waiting | undefined {
    const [turn] = this.waiting;
    if (!turn) return undefined;
    const [tenant, [next, ...later]] = turn;
    this.waiting.delete(tenant);
    if (later.length > 0) this.waiting.set(tenant, later);
    return next?.signal?.aborted ? undefined : next;
  }

  private async work(thread: SandboxThread, { task, settle }: Waiting): Promise<void> {
    const answer = await thread.ask(task);
    if (answer === 'late' || answer === 'ended') {
      this.threads.delete(thread);
      await thread.end();
      if (answer === 'late') settle({ kind: 'failed', flaw: 'timeout', message: `It took longer than ${DEADLINE_MS} ms.` });
      else settle({ kind: 'failed', flaw: 'memory', message: 'The sandbox that it ran in broke down.' });
    } else {
      this.idle.push(thread);
      settle(answer);
    }
    this.assign();
  }
}
