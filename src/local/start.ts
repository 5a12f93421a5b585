import { LocalPosthorn } from './local-posthorn';
import { readLocalSettings } from './local-settings';
import { StartupProblem } from './startup-problem';

const STOP_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

// One Ctrl-C arrives twice under npm: from the terminal and handed on by npm. Only a later one means "now".
const SAME_KEYSTROKE_MS = 1_000;

// Everything has to be over within 10 s, whatever hangs.
const STOP_MS = 9_500;

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

function explain(error: unknown): void {
  console.error(error instanceof StartupProblem ? error.message : error);
}

async function main(): Promise<void> {
  const posthorn = new LocalPosthorn(readLocalSettings(process.env), process.env, report);
  const stopping = new AbortController();

  const stop = async (exitCode: number): Promise<void> => {
    stopping.abort();
    const killEverything = (): void => {
      posthorn.kill();
      process.exit(1);
    };
    setTimeout(killEverything, STOP_MS).unref();
    await posthorn.stop();
    process.exit(exitCode);
  };

  let firstSignalAt: number | undefined;
  const onSignal = (): void => {
    if (firstSignalAt === undefined) {
      firstSignalAt = performance.now();
      report('\nStopping …');
      void stop(0);
    } else if (performance.now() - firstSignalAt > SAME_KEYSTROKE_MS) {
      posthorn.kill();
      process.exit(1);
    }
  };
  STOP_SIGNALS.forEach((signal) => process.on(signal, onSignal));
  // The terminal may be gone before we are.
  process.stdout.on('error', () => undefined);

  try {
    await posthorn.start(stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) return;
    explain(error);
    await stop(1);
  }
}

void main().catch((error: unknown) => {
  explain(error);
  process.exitCode = 1;
});
