import { setTimeout as pause } from 'node:timers/promises';
import { ConcurrentChange, DomainError } from './domain-error';

/** Enough for ten clients that start at once and all put the same thing: each round, one of them wins. */
const RACES = 10;
/** Who came second reads what the first one made; if it is still in the way then, it is there to stay. */
const CONFLICTS = 2;
const PAUSE_MS = 5;

/** Runs `work` again when another request was faster. Only for work that begins by reading what it changes. */
export async function retryOnConflict<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= triesFor(error)) throw error;
    }
    await pause(Math.random() * PAUSE_MS * attempt);
  }
}

function triesFor(error: unknown): number {
  if (error instanceof ConcurrentChange) return RACES;
  return error instanceof DomainError && error.kind === 'conflict' ? CONFLICTS : 1;
}
