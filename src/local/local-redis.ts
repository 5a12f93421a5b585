import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port';
import { LoggedProcess, type StopStep } from './logged-process';
import { rememberProcess, stopRemembered } from './process-record';
import { redisProgram } from './redis-program';
import { StartupProblem } from './startup-problem';
import { waitUntil } from './wait-until';

const READY_MS = 10_000;

const STOP: readonly StopStep[] = [
  { signal: 'SIGTERM', waitMs: 2_000 },
  { signal: 'SIGKILL', waitMs: 1_000 },
];

export interface LocalRedisOptions {
  readonly directory: string;
  /** Exactly this port; any free one when left out. */
  readonly port?: number;
  /** Without one, every user of this machine may command the server. */
  readonly password?: string;
  /** Where the distribution's package is unpacked when no Redis is installed; the project's own `.posthorn` when left out. */
  readonly packageDirectory?: string;
  readonly report?: (line: string) => void;
  /** Further lines of its configuration. */
  readonly settings?: readonly string[];
}

export interface LocalRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly exited: Promise<string>;
  stop(): Promise<void>;
  kill(): void;
}

/** A real Redis on 127.0.0.1 that keeps nothing on disk: PostgreSQL holds the truth, Redis only rings. */
export async function startLocalRedis(options: LocalRedisOptions): Promise<LocalRedis> {
  const { directory, password = '' } = options;
  mkdirSync(directory, { recursive: true });
  const { program, libraryPath } = redisProgram(options.packageDirectory, options.report ?? (() => undefined));
  await stopLeftoverRedis(directory);

  const port = options.port ?? (await freePort());
  const configuration = join(directory, 'redis.conf');
  writeFileSync(configuration, configurationFor(directory, port, password, options.settings), { mode: 0o600 });
  const server = await LoggedProcess.spawn({
    command: program,
    args: [configuration],
    logFile: join(directory, 'redis.log'),
    ...(libraryPath === '' ? {} : { env: { ...process.env, LD_LIBRARY_PATH: libraryPath } }),
  });
  rememberProcess(recordFileIn(directory), server.pid);
  try {
    await ready(server, port);
  } catch (error) {
    await server.stop(STOP);
    throw error;
  }
  return {
    url: `redis://${password === '' ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    port,
    pid: server.pid,
    exited: server.exited,
    stop: () => server.stop(STOP),
    kill: () => server.signal('SIGKILL'),
  };
}

/** A supervisor that was killed leaves its server behind, on the port that is remembered. */
export async function stopLeftoverRedis(directory: string): Promise<void> {
  await stopRemembered(recordFileIn(directory), STOP);
}

const recordFileIn = (directory: string): string => join(directory, 'redis.process.json');

function configurationFor(directory: string, port: number, password: string, settings: readonly string[] = []): string {
  const lines = ['bind 127.0.0.1', `port ${port}`, `dir ${JSON.stringify(directory)}`, 'save ""', 'appendonly no'];
  // Bull's queues must never lose a key to make room.
  lines.push('maxmemory-policy noeviction');
  if (password !== '') lines.push(`requirepass ${JSON.stringify(password)}`);
  return `${[...lines, ...settings].join('\n')}\n`;
}

async function ready(server: LoggedProcess, port: number): Promise<void> {
  const answered = await waitUntil(READY_MS, () => {
    if (!server.running) throw new StartupProblem(`Redis did not start:\n${server.lastLogLines()}`);
    return answersPing(port);
  });
  if (!answered) throw new StartupProblem(`Redis was not ready after ${READY_MS / 1_000} s.`);
}

/** With a password set, the refusal to PING is an answer as well. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once('error', () => settle(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => settle(/^(\+PONG|-NOAUTH)/.test(data.toString())));
    socket.once('close', () => settle(false));
  });
}
