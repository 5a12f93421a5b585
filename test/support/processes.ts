import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { request } from 'undici';
import { reservePorts } from '../../src/local/free-port';
import { nodeOptionsOf } from '../../src/local/node-options';
import type { Environment } from './environment';
import { eventually } from './eventually';
import { newLog } from './log-watch';

const DIST = join(__dirname, '../../dist');
/** As in production, but for the source maps of all packages, which are a tenth of the CPU that a start takes. */
const withoutSourceMaps = (entry: string) => nodeOptionsOf(entry).filter((option) => option !== '--enable-source-maps');
/** A busy machine takes its time. */
const READY_MS = 90_000;

type ProcessOptions = {
  readonly nodeArguments?: readonly string[];
  /** Its log goes there, and not to us. */
  readonly logFile?: string;
  /** Of another build. */
  readonly dist?: string;
};

/** The built API (`main`) or worker as a process of its own, to be killed; ready when its `/readyz` says so. */
export async function startProcess(
  entry: 'main' | 'worker',
  environment: Environment,
  { nodeArguments = [], logFile, dist = DIST }: ProcessOptions = {},
) {
  const file = join(dist, `${entry}.js`);
  if (!existsSync(file)) throw new Error(`${file} is not there: npm run build`);
  const ports = await reservePorts({ api: [], metrics: [] });
  const log = logFile === undefined ? 'pipe' : openSync(logFile, 'a');
  const child = spawn(process.execPath, [...withoutSourceMaps(entry), ...nodeArguments, file], {
    env: {
      PATH: process.env['PATH'],
      ...environment,
      HOST: '127.0.0.1',
      METRICS_HOST: '127.0.0.1',
      PORT: String(ports.api),
      METRICS_PORT: String(ports.metrics),
    },
    stdio: ['ignore', log, log],
  });
  if (typeof log === 'number') closeSync(log);
  const exited = once(child, 'exit');
  let output = '';
  const watched = newLog();
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      watched.write(chunk);
    });

  const metricsUrl = `http://127.0.0.1:${ports.metrics}`;
  try {
    await eventually(() => hasEnded(child) || isReady(metricsUrl), { within: READY_MS, what: `${entry} is ready` });
    if (hasEnded(child)) throw new Error(`${entry} ended with ${String(child.signalCode ?? child.exitCode)}`);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`${String(error)}\n${output}`, { cause: error });
  }

  return {
    pid: child.pid!,
    url: `http://127.0.0.1:${ports.api}`,
    metricsUrl,
    /** What it logged. */
    get output(): string {
      return output;
    },
    /** Resolves when it has ended, by itself or not. */
    exited,
    /** Memory that it holds; nobody who has ended holds any. */
    residentMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1_024,
    /** Like a crash. */
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await exited;
    },
    /** Like an orchestrator. @returns the exit code */
    async stop(): Promise<number | null> {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}

/** `npm run keys -- …` as a process of its own; must succeed. @returns the JSON that it prints */
export async function runKeys<Answer>(environment: Environment, ...args: string[]): Promise<Answer> {
  const { code, answer, complaint } = await runCommand('keys', environment, args);
  if (code !== 0) throw new Error(`keys ${args.join(' ')} ended with ${String(code)}: ${complaint}`);
  return JSON.parse(answer) as Answer;
}

/** `node dist/<command>.js …`, to its end. */
export async function runCommand(command: string, environment: Environment, args: readonly string[] = [], dist = DIST) {
  const child = spawn(process.execPath, [join(dist, `${command}.js`), ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], answer, complaint] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, answer, complaint };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function isReady(url: string): Promise<boolean> {
  const { statusCode, body } = await request(`${url}/readyz`);
  await body.dump();
  return statusCode === 200;
}
