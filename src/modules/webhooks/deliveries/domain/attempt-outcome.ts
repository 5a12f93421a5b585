import type { AttemptOutcome } from '../../../../platform/destinations/attempt-outcome';

/** What fails before anything is sent. */
export const TRANSFORMATION_REASONS = [
  'transformation_timeout',
  'transformation_memory',
  'transformation_error',
  'transformation_invalid',
  'transformation_too_large',
] as const;

type Ended = Exclude<AttemptOutcome, { kind: 'aborted' }>;

/** A stable word for logs, metrics and people. Receivers may send any three digits. */
export function reasonOf(outcome: Ended): string {
  if (outcome.kind === 'failed') return outcome.reason;
  if (outcome.kind === 'accepted' || isSuccess(outcome)) return 'ok';
  const { statusCode } = outcome;
  if (statusCode === 410) return 'http_410_gone';
  if (statusCode === 429) return 'http_429';
  return `http_${Math.floor(statusCode / 100)}xx`;
}

export function isSuccess(outcome: AttemptOutcome): boolean {
  if (outcome.kind === 'answered') return outcome.statusCode >= 200 && outcome.statusCode < 300;
  return outcome.kind === 'accepted';
}
