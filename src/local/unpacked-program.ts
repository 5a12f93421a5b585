import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DebianPackages, ENGLISH } from './debian-packages';

/** A program with the library directories that it needs beside the system's. */
export interface UnpackedProgram {
  readonly program: string;
  readonly libraryPath: string;
}

/** What `fetchProgram` unpacked into a directory, if it has. @param path of the program in its package, such as usr/bin/redis-server */
export function unpackedProgram(directory: string, path: string): UnpackedProgram | undefined {
  const program = join(directory, 'root', path);
  return existsSync(program) ? { program, libraryPath: libraryPathOf(join(directory, 'root')) } : undefined;
}

/** Fetches packages of Debian or Ubuntu into a directory; neither root nor previously fetched package lists are needed. */
export function fetchProgram(directory: string, packages: readonly string[], path: string): UnpackedProgram {
  const unfinished = `${directory}.${process.pid}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const root = join(unfinished, 'root');
  mkdirSync(root, { recursive: true });

  const apt = new DebianPackages(join(unfinished, 'apt'));
  apt.unpack(packages, root);
  // Two rounds: the libraries of the program, and what those need in turn.
  for (let round = 0; round < 2 && missesLibraries(root, path); round += 1) apt.unpackDependencies(root);

  rmSync(apt.directory, { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true });
  renameSync(unfinished, directory);
  const found = unpackedProgram(directory, path);
  if (!found) throw new Error(`the packages ${packages.join(', ')} hold no ${path}`);
  return found;
}

function libraryDirectories(root: string): string[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.so(\.|$)/.test(file));
  return [...new Set(files.map((file) => join(root, dirname(file))))];
}

const libraryPathOf = (root: string): string => libraryDirectories(root).join(':');

function missesLibraries(root: string, path: string): boolean {
  const { stdout } = spawnSync('ldd', [join(root, path)], {
    encoding: 'utf8',
    env: { ...ENGLISH, LD_LIBRARY_PATH: libraryPathOf(root) },
  });
  return stdout.includes('not found');
}
