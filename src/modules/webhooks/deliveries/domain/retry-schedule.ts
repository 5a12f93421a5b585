/** A wait is spread by this much both ways, so that a thousand deliveries that failed together do not return together. */
const JITTER = 0.2;

export type RetryRequest = {
  /** Waits after the first, second, … attempt, in seconds. */
  readonly schedule: readonly number[];
  /** Attempts made so far, this one included. */
  readonly attempts: number;
  /** What the receiver asked for by `Retry-After`, in seconds. */
  readonly retryAfterSeconds: number | null;
  /** Uniform in [-1, 1). */
  readonly chance: number;
};

/**
 * Seconds until the next attempt, or null when it is time to give up. A receiver may ask for more patience, up to twice
 * the wait of the schedule, and never for less.
 */
export function retryDelay({ schedule, attempts, retryAfterSeconds, chance }: RetryRequest): number | null {
  const base = schedule[attempts - 1];
  if (base === undefined) return null;
  const asked = retryAfterSeconds === null ? base : Math.min(Math.max(retryAfterSeconds, base), 2 * base);
  return asked * (1 + chance * JITTER);
}
