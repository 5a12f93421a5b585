import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { waitUntil } from './wait-until';

export interface ProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Appended to; without one the process writes where the supervisor writes. */
  readonly logFile?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

/** One step of stopping a process: the signal, and how long to wait before the next step. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

/** A child in its own process group (a Ctrl-C in the terminal reaches only the supervisor) that writes to a log file. */
export class LoggedProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly pid: number,
    private readonly log: { readonly file: string; readonly length: number } | undefined,
    /** Resolves with a description such as "exit code 1" or "SIGKILL". */
    readonly exited: Promise<string>,
  ) {}

  static async spawn({ command, args, logFile, ...options }: ProcessOptions): Promise<LoggedProcess> {
    const output = logFile === undefined ? 'inherit' : openSync(logFile, 'a', 0o600);
    const log = logFile === undefined ? undefined : { file: logFile, length: statSync(logFile).size };
    try {
      const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', output, output] });
      const exited = new Promise<string>((resolve) => {
        child.once('exit', (code, signal) => resolve(signal ?? `exit code ${String(code)}`));
      });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', reject);
      });
      return new LoggedProcess(child, child.pid ?? -1, log, exited);
    } finally {
      if (typeof output === 'number') closeSync(output);
    }
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(steps: readonly StopStep[]): Promise<void> {
    await stopInSteps(
      steps,
      () => this.running,
      (signal) => this.signal(signal),
    );
  }

  /** Of this run, not of those before it. */
  lastLogLines(count = 20): string {
    if (!this.log) return '';
    const written = readFileSync(this.log.file).subarray(this.log.length).toString('utf8');
    return written.trimEnd().split('\n').slice(-count).join('\n');
  }
}

export async function stopInSteps(
  steps: readonly StopStep[],
  running: () => boolean,
  send: (signal: NodeJS.Signals) => void,
): Promise<void> {
  for (const { signal, waitMs } of steps) {
    if (!running()) return;
    send(signal);
    await waitUntil(waitMs, () => !running());
  }
}
