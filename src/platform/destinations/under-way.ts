import type { AttemptOutcome } from './attempt-outcome';

type Endable = { readonly outcome: Promise<AttemptOutcome>; abort(): void };

/** Attempts under way, by what ends them: one listener for each signal, however many attempts it may end. */
export class UnderWay<Attempt extends Endable> {
  private readonly bySignal = new WeakMap<AbortSignal, Set<Attempt>>();

  /** Waits for an attempt that has just begun. @param signal ends it */
  async outcomeOf(attempt: Attempt, signal: AbortSignal): Promise<AttemptOutcome> {
    const attempts = this.endedBy(signal);
    attempts.add(attempt);
    try {
      return await attempt.outcome;
    } finally {
      attempts.delete(attempt);
    }
  }

  private endedBy(signal: AbortSignal): Set<Attempt> {
    const known = this.bySignal.get(signal);
    if (known) return known;
    const attempts = new Set<Attempt>();
    this.bySignal.set(signal, attempts);
    signal.addEventListener('abort', () => {
      for (const attempt of attempts) attempt.abort();
    });
    return attempts;
  }
}
