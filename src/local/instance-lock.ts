import { rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { readJson } from './json-file';
import { isAlive, processRecordSchema, recordOf } from './process-record';
import { StartupProblem } from './startup-problem';
import { waitUntil } from './wait-until';

const lockSchema = processRecordSchema.extend({ url: z.string() });
type Lock = z.output<typeof lockSchema>;

// Between the making of the file and the writing into it another start may read nothing.
const WRITING_MS = 500;

/** One supervisor per data directory. The lock of a dead process is taken over. Answers how to give it back. */
export async function lockInstance(file: string, url: string): Promise<() => void> {
  for (;;) {
    if (takeLock(file, url)) return () => rmSync(file, { force: true });
    const holder = await holderOf(file);
    if (holder && isAlive(holder)) {
      throw new StartupProblem(
        `Posthorn is already running on this data directory, at ${holder.url} (pid ${holder.pid}). Stop it first, or give another POSTHORN_DATA_DIR and PORT.`,
      );
    }
    rmSync(file, { force: true });
  }
}

function takeLock(file: string, url: string): boolean {
  const lock: Lock = { pid: process.pid, began: recordOf(process.pid)?.began ?? '', url };
  try {
    writeFileSync(file, JSON.stringify(lock), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(file: string): Promise<Lock | undefined> {
  return waitUntil(WRITING_MS, () => readJson(file, lockSchema));
}
