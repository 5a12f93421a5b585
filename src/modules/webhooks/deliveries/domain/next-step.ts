import type { AttemptOutcome } from '../../../../platform/destinations/attempt-outcome';
import { isSuccess, reasonOf } from './attempt-outcome';
import { retryDelay } from './retry-schedule';

/** What becomes of a delivery after an attempt, or instead of one. */
export type NextStep =
  | { readonly kind: 'settle'; readonly status: 'success' | 'fail' | 'canceled'; readonly reason: string }
  | { readonly kind: 'retry'; readonly delaySeconds: number }
  /** Back to pending at once, as if it had not been touched. */
  | { readonly kind: 'release' };

export type Situation = {
  /** Attempts before this one. */
  readonly attemptsBefore: number;
  readonly schedule: readonly number[];
  /** Uniform in [-1, 1). */
  readonly chance: number;
};

/** What is accepted and 2xx succeeds, 410 ends it (the endpoint is gone), all else is tried again while the schedule lasts. */
export function nextStep(outcome: AttemptOutcome, { attemptsBefore, schedule, chance }: Situation): NextStep {
  if (outcome.kind === 'aborted') return { kind: 'release' };
  const reason = reasonOf(outcome);
  if (isSuccess(outcome)) return { kind: 'settle', status: 'success', reason };
  if (outcome.kind === 'answered' && outcome.statusCode === 410) return { kind: 'settle', status: 'fail', reason };
  const retryAfterSeconds = outcome.kind === 'answered' ? outcome.retryAfterSeconds : null;
  const delaySeconds = retryDelay({ schedule, attempts: attemptsBefore + 1, retryAfterSeconds, chance });
  return delaySeconds === null ? { kind: 'settle', status: 'fail', reason } : { kind: 'retry', delaySeconds };
}
