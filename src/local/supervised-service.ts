import { setTimeout as delay } from 'node:timers/promises';
import { StartupProblem } from './startup-problem';

const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

// Who ran this long was healthy: the next failure is a new one.
const HEALTHY_MS = 30_000;

export interface RunningService {
  readonly pid: number;
  readonly exited: Promise<string>;
  stop(): Promise<void>;
  kill(): void;
}

/** Resolves when the service is ready; gives up and cleans up after itself when the signal is aborted. */
export type Launch<Service extends RunningService> = (signal: AbortSignal) => Promise<Service>;

/** Keeps a service running: whatever ends without having been told to is started again. */
export class SupervisedService<Service extends RunningService> {
  private readonly stopping = new AbortController();
  private launching: Promise<Service> | undefined;
  private running: Service | undefined;
  private pauseMs = SHORTEST_PAUSE_MS;

  constructor(
    readonly name: string,
    private readonly launch: Launch<Service>,
    private readonly report: (line: string) => void,
    private readonly onRestart: () => void = () => undefined,
  ) {}

  get current(): Service | undefined {
    return this.running;
  }

  /** The first start: a failure after so many attempts is for the caller to report. */
  async start(attempts = 1): Promise<Service> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.begin();
      } catch (error) {
        if (this.stopping.signal.aborted || attempt >= attempts || !(error instanceof StartupProblem)) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.launching?.catch(() => undefined);
    await this.running?.stop();
  }

  kill(): void {
    this.stopping.abort();
    this.running?.kill();
  }

  private async begin(): Promise<Service> {
    this.stopping.signal.throwIfAborted();
    this.launching = this.launch(this.stopping.signal);
    const service = await this.launching;
    this.running = service;
    void this.watch(service);
    return service;
  }

  private async watch(service: Service): Promise<void> {
    const began = performance.now();
    const reason = await service.exited;
    if (this.stopping.signal.aborted) return;
    this.running = undefined;
    if (performance.now() - began > HEALTHY_MS) this.pauseMs = SHORTEST_PAUSE_MS;
    this.report(`The ${this.name} ended (${reason}) and is started again.`);
    await this.restart();
  }

  private async restart(): Promise<void> {
    for (;;) {
      const pauseMs = this.pauseMs;
      this.pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      try {
        await delay(pauseMs, undefined, { signal: this.stopping.signal });
        await this.begin();
        this.onRestart();
        this.report(`The ${this.name} runs again.`);
        return;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.report(`The ${this.name} did not start: ${firstLineOf(error)}`);
      }
    }
  }
}

function firstLineOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
