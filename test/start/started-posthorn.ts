import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beginningOf } from '../../src/local/process-identity';
import type { Quickstart } from '../../src/local/quickstart';
import { eventually } from '../support/eventually';
import { REDIS_PACKAGE } from '../support/services';

const PROJECT = resolve(__dirname, '../..');

export const START_MS = 90_000;
export const STOP_MS = 10_000;

/** Below a folder that only its owner may enter, as a clone in a home directory is. */
export class DataFolder {
  private readonly parent = mkdtempSync(join(tmpdir(), 'posthorn-start-'));
  readonly path = join(this.parent, 'data');

  constructor() {
    mkdirSync(this.path);
    if (existsSync(REDIS_PACKAGE)) symlinkSync(REDIS_PACKAGE, join(this.path, 'redis-package'));
  }

  quickstart(): Quickstart & Required<Pick<Quickstart, 'apiKey' | 'appId' | 'endpointId' | 'email' | 'password'>> {
    return JSON.parse(readFileSync(join(this.path, 'quickstart.json'), 'utf8')) as ReturnType<DataFolder['quickstart']>;
  }

  supervisorPid(): number {
    return (JSON.parse(readFileSync(join(this.path, 'instance.json'), 'utf8')) as { pid: number }).pid;
  }

  /** The API, the worker, PostgreSQL and Redis. */
  pids(): number[] {
    const { api, worker } = this.quickstart().pids;
    const redis = JSON.parse(readFileSync(join(this.path, 'redis/redis.process.json'), 'utf8')) as { pid: number };
    const postgres = Number.parseInt(readFileSync(join(this.clusterFolder(), 'cluster/postmaster.pid'), 'utf8'), 10);
    return [api ?? 0, worker ?? 0, redis.pid, postgres];
  }

  remove(): void {
    const cluster = this.clusterFolder();
    rmSync(this.parent, { recursive: true, force: true });
    if (cluster.startsWith('/var/tmp/posthorn-')) rmSync(cluster, { recursive: true, force: true });
  }

  private clusterFolder(): string {
    const note = join(this.path, 'postgres/shelter.txt');
    return existsSync(note) ? readFileSync(note, 'utf8').trim() : join(this.path, 'postgres');
  }
}

/** `npm start`, as it is typed. */
export class StartedPosthorn {
  output = '';
  exitCode: number | undefined;
  private readonly child: ChildProcess;

  constructor(data: DataFolder, port: number, environment: NodeJS.ProcessEnv = {}, project = PROJECT) {
    this.child = spawn('npm', ['start'], {
      cwd: project,
      env: { ...process.env, NODE_ENV: 'development', POSTHORN_DATA_DIR: data.path, PORT: String(port), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()));
    this.child.stderr?.on('data', (text: Buffer) => (this.output += text.toString()));
    this.child.on('close', (code) => (this.exitCode = code ?? -1));
  }

  async running(): Promise<void> {
    await eventually(() => this.output.includes('Ctrl-C') || this.exitCode !== undefined, { within: START_MS, what: 'the banner' });
    if (!this.output.includes('Ctrl-C')) throw new Error(`It did not start:\n${this.output}`);
  }

  async ended(): Promise<number> {
    await eventually(() => this.exitCode !== undefined, { within: STOP_MS, what: `its end; so far it said:\n${this.output}` });
    return this.exitCode!;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.exitCode === undefined) this.child.kill(signal);
  }
}

export const livingOf = (pids: readonly number[]): number[] => pids.filter((pid) => beginningOf(pid) !== undefined);
