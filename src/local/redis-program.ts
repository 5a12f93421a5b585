import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { StartupProblem } from './startup-problem';
import { fetchProgram, unpackedProgram, type UnpackedProgram } from './unpacked-program';

const PACKAGES = ['redis-server', 'redis-tools'];
const PROGRAM = 'usr/bin/redis-server';
const PROJECT_PACKAGE = resolve(__dirname, '..', '..', '.posthorn', 'redis-package');

/** redis-server or valkey-server from the PATH, else the package of Debian or Ubuntu, fetched once into `packageDirectory`. */
export function redisProgram(packageDirectory: string | undefined, report: (line: string) => void): UnpackedProgram {
  const installed = onPath('redis-server') ?? onPath('valkey-server');
  if (installed !== undefined) return { program: installed, libraryPath: '' };

  const target = packageDirectory ?? PROJECT_PACKAGE;
  const unpacked = unpackedProgram(target, PROGRAM) ?? unpackedProgram(PROJECT_PACKAGE, PROGRAM);
  if (unpacked) return unpacked;
  if (onPath('apt-get') === undefined) throw new StartupProblem(howToInstall());
  report('Fetching Redis (the package of this system) …');
  try {
    return fetchProgram(target, PACKAGES, PROGRAM);
  } catch (error) {
    throw new StartupProblem(`${howToInstall()} Fetching its package did not work: ${(error as Error).message}`);
  }
}

function onPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, program))
    .find((file) => isExecutable(file));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function howToInstall(): string {
  return `Posthorn needs a Redis: ${installCommand(systemName())}, or set REDIS_URL to one that runs.`;
}

/** The ID and ID_LIKE of /etc/os-release, such as "ubuntu debian". */
function systemName(): string {
  if (process.platform !== 'linux') return process.platform;
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].map((match) => match[1]).join(' ');
}

export function installCommand(system: string): string {
  if (/debian|ubuntu/.test(system)) return 'install it with `sudo apt-get install redis-server`';
  if (/fedora|rhel|centos/.test(system)) return 'install it with `sudo dnf install valkey`';
  if (/alpine/.test(system)) return 'install it with `apk add valkey`';
  if (/arch/.test(system)) return 'install it with `sudo pacman -S valkey`';
  if (/darwin/.test(system)) return 'install it with `brew install redis`';
  return 'install redis-server or valkey-server so that it is on the PATH';
}
