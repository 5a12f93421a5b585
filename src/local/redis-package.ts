import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DebianPackages, ENGLISH } from './debian-packages';

/** A program with the library directories that it needs beside the system's. */
export interface UnpackedProgram {
  readonly program: string;
  readonly libraryPath: string;
}

export function unpackedRedis(directory: string): UnpackedProgram | undefined {
  const program = join(directory, 'root', 'usr', 'bin', 'redis-server');
  return existsSync(program) ? { program, libraryPath: libraryPathOf(join(directory, 'root')) } : undefined;
}

/** Fetches the Redis of Debian or Ubuntu into a directory; neither root nor previously fetched package lists are needed. */
export function fetchRedisPackage(directory: string): UnpackedProgram {
  const unfinished = `${directory}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const root = join(unfinished, 'root');
  mkdirSync(root, { recursive: true });

  const apt = new DebianPackages(join(unfinished, 'apt'));
  apt.unpack(['redis-server', 'redis-tools'], root);
  // Two rounds: the libraries of Redis, and what those need in turn.
  for (let round = 0; round < 2 && missesLibraries(root); round += 1) apt.unpackDependencies(root);

  rmSync(apt.directory, { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true });
  renameSync(unfinished, directory);
  const redis = unpackedRedis(directory);
  if (!redis) throw new Error('the package holds no redis-server');
  return redis;
}

function libraryDirectories(root: string): string[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.so(\.|$)/.test(file));
  return [...new Set(files.map((file) => join(root, dirname(file))))];
}

const libraryPathOf = (root: string): string => libraryDirectories(root).join(':');

function missesLibraries(root: string): boolean {
  const { stdout } = spawnSync('ldd', [join(root, 'usr', 'bin', 'redis-server')], {
    encoding: 'utf8',
    env: { ...ENGLISH, LD_LIBRARY_PATH: libraryPathOf(root) },
  });
  return stdout.includes('not found');
}
