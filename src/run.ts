export type RunningProcess = {
  /** Time that work in flight gets at a signal. */
  readonly drainMs: number;
  readonly stop: () => Promise<void>;
};

/** After draining, connections close; what is not closed by then never will be. */
const CLOSE_MS = 5_000;

/**
 * Life of a process: starts, or says in one line why not and exits 1; at SIGTERM or SIGINT drains and exits 0. A second
 * signal, or a drain that outlives its time, ends it at once with 1.
 */
export function run(name: string, start: () => Promise<RunningProcess>): void {
  const starting = start().catch((error: unknown) => {
    // After the log lines that are still to be flushed: who looks at the end finds the reason there.
    process.on('exit', () => console.error(`posthorn ${name} cannot start: ${messageOf(error)}`));
    process.exit(1);
  });
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    const { drainMs, stop: drain } = await starting;
    setTimeout(() => process.exit(1), drainMs + CLOSE_MS).unref();
    await drain();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      void stop().catch((error: unknown) => {
        console.error(`posthorn ${name} did not stop cleanly: ${messageOf(error)}`);
        process.exit(1);
      });
    });
  }
}

/** Life of a program that does one thing: ends with 1, and says in one line why, when it could not. */
export function runOnce(name: string, work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    console.error(`posthorn ${name} failed: ${messageOf(error)}`);
    process.exitCode = 1;
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
