import { Worker } from 'node:worker_threads';
import type { Answer, Task } from './quickjs-thread';

const PROGRAM = require.resolve('./quickjs-thread');
/**
 * The interpreter counts steps. This is for the few functions of the language that it does not interrupt, and takes the whole
 * thread: long enough for a large payload on a busy machine.
 */
export const DEADLINE_MS = 2_000;
const HEAP_MB = 64;

export type Result = Exclude<Answer, 'ready'>;

/** One thread and its program. It does not keep the process from ending. */
export class SandboxThread {
  private readonly worker: Worker;
  private readonly ready: Promise<void>;
  private hear: (answer: Result | 'ended') => void = () => undefined;
  private over = false;

  constructor(onError: (error: unknown) => void) {
    // No environment, no standard input; what the interpreter may use is limited in there.
    this.worker = new Worker(PROGRAM, { env: {}, name: 'transformation', resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    this.worker.unref();
    this.worker.on('error', onError);
    this.ready = new Promise((resolve) => {
      this.worker.on('message', (answer: Answer) => {
        if (answer === 'ready') resolve();
        else this.hear(answer);
      });
      this.worker.once('exit', () => {
        this.over = true;
        this.hear('ended');
        resolve();
      });
    });
  }

  get hasEnded(): boolean {
    return this.over;
  }

  /** One task at a time; after `late` the thread is of no use any more. */
  async ask(task: Task): Promise<Result | 'late' | 'ended'> {
    await this.ready;
    if (this.over) return 'ended';
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        resolve('late');
      }, DEADLINE_MS);
      this.hear = (answer) => {
        clearTimeout(deadline);
        resolve(answer);
      };
      this.worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    this.over = true;
    await this.worker.terminate();
  }
}
