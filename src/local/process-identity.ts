import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const HAS_PROC = existsSync('/proc/self/stat');

/** A pid together with the moment the process began, so that a pid given to a stranger later is told apart. */
export const processRecordSchema = z.object({ pid: z.number().int().positive(), began: z.string() });
export type ProcessRecord = z.infer<typeof processRecordSchema>;

export function recordOf(pid: number): ProcessRecord | undefined {
  const began = HAS_PROC ? beganByProc(pid) : ps(pid, 'lstart=');
  return began === undefined ? undefined : { pid, began };
}

export function isAlive(record: ProcessRecord): boolean {
  return recordOf(record.pid)?.began === record.began;
}

/** The command line of a living process, its words joined by blanks. */
export function commandLineOf(pid: number): string | undefined {
  if (!HAS_PROC) return ps(pid, 'command=');
  return readProc(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim();
}

function beganByProc(pid: number): string | undefined {
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
