import { join } from 'node:path';
import { LoggedProcess, type StopStep } from './logged-process';
import { PROJECT } from './local-settings';
import { nodeOptionsOf } from './node-options';
import { rememberProcess } from './process-record';
import { StartupProblem } from './startup-problem';
import type { RunningService } from './supervised-service';
import { waitUntil } from './wait-until';

const READY_MS = 60_000;
const PROBE_MS = 2_000;

// The process itself drains for 5 s (DRAIN_SECONDS) before it ends.
export const STOP_APP: readonly StopStep[] = [
  { signal: 'SIGTERM', waitMs: 7_000 },
  { signal: 'SIGKILL', waitMs: 1_000 },
];

export interface AppProcessOptions {
  /** `main`, `worker` or `migrate`. */
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile?: string;
}

export interface ServerProcessOptions extends AppProcessOptions {
  readonly recordFile: string;
  readonly readyUrl: string;
}

/** The API or the worker, as in production: `node dist/<entry>.js` with its settings in the environment. */
export async function startServerProcess(label: string, options: ServerProcessOptions, signal: AbortSignal): Promise<RunningService> {
  const app = await spawnApp(options);
  rememberProcess(options.recordFile, app.pid);
  const isReady = await waitUntil(READY_MS, () => (app.running && !signal.aborted ? answersOk(options.readyUrl) : true));
  if (!isReady || !app.running || signal.aborted) {
    await app.stop(STOP_APP);
    throw new StartupProblem(`The ${label} did not become ready (${await app.exited}):\n${app.lastLogLines()}`);
  }
  return { pid: app.pid, exited: app.exited, stop: () => app.stop(STOP_APP), kill: () => app.signal('SIGKILL') };
}

/** Runs a process that ends by itself. */
export async function runToEnd(options: AppProcessOptions, signal: AbortSignal): Promise<void> {
  const app = await spawnApp(options);
  const interrupt = (): void => app.signal('SIGTERM');
  signal.addEventListener('abort', interrupt);
  const reason = await app.exited;
  signal.removeEventListener('abort', interrupt);
  if (reason !== 'exit code 0') throw new StartupProblem(`${options.entry} failed (${reason}):\n${app.lastLogLines()}`);
}

function spawnApp({ entry, environment, logFile }: AppProcessOptions): Promise<LoggedProcess> {
  return LoggedProcess.spawn({
    command: process.execPath,
    args: [...nodeOptionsOf(entry), join(PROJECT, 'dist', `${entry}.js`)],
    env: environment,
    cwd: PROJECT,
    ...(logFile === undefined ? {} : { logFile }),
  });
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) })).ok;
  } catch {
    return false;
  }
}
