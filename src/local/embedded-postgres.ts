import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { freePort } from './free-port';
import { LoggedProcess, type StopStep } from './logged-process';
import { postgresBinaries, type PostgresBinaries } from './postgres-binaries';
import { commandLineOf } from './process-identity';
import { recordOf, stopLeftover } from './process-record';
import { StartupProblem } from './startup-problem';
import { canEnter, giveTo, type ServerUser, unprivilegedUser } from './unprivileged-user';
import { waitUntil } from './wait-until';

const ROLE = 'posthorn';
const DATABASE = 'posthorn';

// Long enough for the recovery after a crash of a server that was written to hard.
const READY_MS = 60_000;

// SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (the next start recovers).
const STOP: readonly StopStep[] = [
  { signal: 'SIGINT', waitMs: 5_000 },
  { signal: 'SIGQUIT', waitMs: 2_000 },
  { signal: 'SIGKILL', waitMs: 1_000 },
];

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, and the server's log beside it. Kept between starts. */
  readonly directory: string;
  /** Exactly this port; any free one when left out. */
  readonly port?: number;
  readonly password: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Of another PostgreSQL than the one that npm installed. */
  readonly binaries?: PostgresBinaries;
}

export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Where the cluster really lies: outside `directory` when root starts it below a directory that others cannot enter. */
  readonly dataDirectory: string;
  readonly exited: Promise<string>;
  stop(): Promise<void>;
  kill(): void;
}

/** A real PostgreSQL server on 127.0.0.1, from the binaries that npm installed; started as root or as a normal user. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = unprivilegedUser();
  mkdirSync(options.directory, { recursive: true });
  const cluster = placeOfCluster(options.directory, user);
  const binaries = options.binaries ?? postgresBinaries(user, () => shelterFor(options.directory, user));

  await stopLeftoverPostgres(options.directory);
  if (!existsSync(join(cluster, 'PG_VERSION'))) initialise(cluster, binaries, user, options.password);
  refuseOtherMajor(cluster, binaries);

  const port = options.port ?? (await freePort());
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...options.settings };
  const server = await LoggedProcess.spawn({
    command: binaries.postgres,
    args: ['-D', cluster, '-p', String(port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    logFile: join(options.directory, 'postgres.log'),
    cwd: '/',
    ...(binaries.env ? { env: binaries.env } : {}),
    ...user,
  });
  try {
    await ready(server, port, options.password);
  } catch (error) {
    await server.stop(STOP);
    throw error;
  }
  return {
    url: `postgres://${ROLE}:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${DATABASE}`,
    port,
    pid: server.pid,
    dataDirectory: cluster,
    exited: server.exited,
    stop: () => server.stop(STOP),
    kill: () => server.signal('SIGQUIT'),
  };
}

function placeOfCluster(directory: string, user: ServerUser): string {
  const inside = join(directory, 'cluster');
  if (existsSync(inside)) return inside;
  return canEnter(user, directory) && shelterOf(directory) === undefined ? inside : join(shelterFor(directory, user), 'cluster');
}

const shelterNote = (directory: string): string => join(directory, 'shelter.txt');

function shelterOf(directory: string): string | undefined {
  if (!existsSync(shelterNote(directory))) return undefined;
  const shelter = readFileSync(shelterNote(directory), 'utf8').trim();
  return existsSync(shelter) ? shelter : undefined;
}

/** A directory that the server's user can enter when the project lies where it cannot, such as /root; remembered in a note. */
function shelterFor(directory: string, user: ServerUser): string {
  const known = shelterOf(directory);
  if (known !== undefined) return known;
  const shelter = mkdtempSync('/var/tmp/posthorn-');
  giveTo(user, shelter);
  writeFileSync(shelterNote(directory), `${shelter}\n`);
  return shelter;
}

/** A supervisor that was killed leaves its server behind, which keeps the cluster locked. */
export async function stopLeftoverPostgres(directory: string): Promise<void> {
  for (const place of [directory, shelterOf(directory)]) {
    const cluster = join(place ?? directory, 'cluster');
    const pidFile = join(cluster, 'postmaster.pid');
    if (!existsSync(pidFile)) continue;
    const leftover = recordOf(Number.parseInt(readFileSync(pidFile, 'utf8'), 10));
    if (leftover && commandLineOf(leftover.pid)?.includes(`-D ${cluster} `)) await stopLeftover(leftover, STOP);
  }
}

/** Made aside and renamed, so that a start which is cut off leaves nothing half made. */
function initialise(cluster: string, { initdb, version, env }: PostgresBinaries, user: ServerUser, password: string): void {
  const workshop = `${cluster}.new`;
  const [passwordFile, unfinished] = [join(workshop, 'password'), join(workshop, 'cluster')];
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  [workshop, passwordFile].forEach((path) => giveTo(user, path));

  const access = ['--username', ROLE, '--auth', 'scram-sha-256', '--pwfile', passwordFile];
  // The built-in provider sorts the same on every system, whatever locales are installed. Older ones do not have it.
  const builtin = Number.parseInt(version, 10) >= 17 ? ['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'] : [];
  const locale = ['--encoding', 'UTF8', '--locale', 'C', ...builtin];
  const { status, stderr, error } = spawnSync(initdb, ['-D', unfinished, '--no-instructions', ...access, ...locale], {
    ...user,
    ...(env ? { env } : {}),
    cwd: '/',
    encoding: 'utf8',
  });
  if (status !== 0) throw new StartupProblem(`PostgreSQL could not make its data directory: ${error?.message ?? stderr.trim()}`);
  renameSync(unfinished, cluster);
  rmSync(workshop, { recursive: true });
}

function refuseOtherMajor(cluster: string, { version }: PostgresBinaries): void {
  const major = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (version.split('.')[0] === major) return;
  throw new StartupProblem(
    `The data in ${cluster} was written by PostgreSQL ${major}, and npm installed ${version}: move the data away, or install that version.`,
  );
}

async function ready(server: LoggedProcess, port: number, password: string): Promise<void> {
  let lastError = 'it did not answer';
  const connected = await waitUntil(READY_MS, async () => {
    if (!server.running) throw new StartupProblem(`PostgreSQL did not start:\n${server.lastLogLines()}`);
    try {
      await createDatabase(port, password);
      return true;
    } catch (error) {
      if (error instanceof DatabaseError && error.code === '28P01') {
        throw new StartupProblem('The data directory of PostgreSQL belongs to another password than the one in secrets.json.');
      }
      lastError = String(error);
      return false;
    }
  });
  if (!connected) throw new StartupProblem(`PostgreSQL was not ready after ${READY_MS / 1_000} s: ${lastError}`);
}

async function createDatabase(port: number, password: string): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: ROLE, password, database: 'postgres', connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}
