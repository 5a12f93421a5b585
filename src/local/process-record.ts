import { z } from 'zod';
import { readJson, writeJson } from './json-file';
import { stopInSteps, type StopStep } from './logged-process';
import { beginningOf } from './process-identity';

/** A pid together with the moment the process began, so that a pid given to a stranger later is told apart. */
export const processRecordSchema = z.object({ pid: z.number().int().positive(), began: z.string() });
export type ProcessRecord = z.output<typeof processRecordSchema>;

export function recordOf(pid: number): ProcessRecord | undefined {
  const began = beginningOf(pid);
  return began === undefined ? undefined : { pid, began };
}

export const isAlive = ({ pid, began }: ProcessRecord): boolean => beginningOf(pid) === began;

export function rememberProcess(file: string, pid: number): void {
  writeJson(file, recordOf(pid) ?? null);
}

/** Stops the process that a supervisor, killed before it could, left behind. */
export async function stopRemembered(file: string, steps: readonly StopStep[]): Promise<void> {
  const record = readJson(file, processRecordSchema);
  if (record) await stopLeftover(record, steps);
}

export async function stopLeftover(record: ProcessRecord, steps: readonly StopStep[]): Promise<void> {
  await stopInSteps(
    steps,
    () => isAlive(record),
    (signal) => process.kill(record.pid, signal),
  );
}
