import { runToEnd, startServerProcess, STOP_APP } from './app-process';
import type { DataDirectory } from './data-directory';
import { stopRemembered } from './process-record';
import { type RunningService, SupervisedService } from './supervised-service';

// A process that fails this often in a row at the start will not succeed the next time either.
const ATTEMPTS = 3;

const ENTRIES = { api: 'main', worker: 'worker' } as const;

// The API is ready when its own port answers, which opens last.
const READY_PORT = { api: 'PORT', worker: 'METRICS_PORT' } as const;

export type AppName = keyof typeof ENTRIES;
const NAMES = Object.keys(ENTRIES) as AppName[];

export interface LocalAppsOptions {
  readonly data: DataDirectory;
  readonly logsToTerminal: boolean;
  readonly report: (line: string) => void;
  readonly onRestart: () => void;
}

/** The API and the worker, each a process of its own. */
export class LocalApps {
  private readonly services: Partial<Record<AppName, SupervisedService<RunningService>>> = {};

  constructor(private readonly options: LocalAppsOptions) {}

  async stopLeftovers(): Promise<void> {
    await Promise.all(NAMES.map((name) => stopRemembered(this.recordFile(name), STOP_APP)));
  }

  async migrate(environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
    await runToEnd({ entry: 'migrate', environment, logFile: this.options.data.logFile('migrate') }, signal);
  }

  async start(environment: Record<AppName, NodeJS.ProcessEnv>): Promise<void> {
    for (const name of NAMES) this.services[name] = this.service(name, environment[name]);
    await Promise.all(this.started.map((service) => service.start(ATTEMPTS)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.started.map((service) => service.stop()));
  }

  kill(): void {
    this.started.forEach((service) => service.kill());
  }

  pids(): Record<AppName, number | undefined> {
    return { api: this.services.api?.current?.pid, worker: this.services.worker?.current?.pid };
  }

  private get started(): SupervisedService<RunningService>[] {
    return Object.values(this.services);
  }

  private service(name: AppName, environment: NodeJS.ProcessEnv): SupervisedService<RunningService> {
    const { data, logsToTerminal, report, onRestart } = this.options;
    const options = {
      entry: ENTRIES[name],
      environment,
      recordFile: this.recordFile(name),
      readyUrl: `http://127.0.0.1:${environment[READY_PORT[name]] ?? ''}/readyz`,
      ...(logsToTerminal ? {} : { logFile: data.logFile(name) }),
    };
    const label = name === 'api' ? 'API' : name;
    return new SupervisedService(label, (signal) => startServerProcess(label, options, signal), report, onRestart);
  }

  private recordFile(name: AppName): string {
    return this.options.data.file(`${name}.process.json`);
  }
}
