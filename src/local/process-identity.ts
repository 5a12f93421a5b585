import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const HAS_PROC = existsSync('/proc/self/stat');

/** The moment a living process began, exact enough to tell it from a later one with the same pid. */
export function beginningOf(pid: number): string | undefined {
  return HAS_PROC ? beginningByProc(pid) : ps(pid, 'lstart=');
}

/** The command line of a living process, its words joined by blanks. */
export function commandLineOf(pid: number): string | undefined {
  if (!HAS_PROC) return ps(pid, 'command=');
  return readProc(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim();
}

function beginningByProc(pid: number): string | undefined {
  // The name, field 2, is in brackets and may hold anything; after it come the state (3) and, as field 22, the start in ticks.
  const fields = readProc(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
  if (!fields || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const boot = readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return `${boot}/${fields[19] ?? ''}`;
}

function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-p', String(pid), '-o', column], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
