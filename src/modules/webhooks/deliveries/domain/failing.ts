/** How much of the way to being disabled, in percent, is told of; at the last the endpoint is disabled. */
export const MILESTONES: readonly number[] = [50, 70, 90, 100];
/** Fewer in a row may be bad luck. */
export const MIN_FAILURES = 20;
/**
 * An endpoint counts as failing while it was tried within the last fifth of the period: a day of five. Who was not tried for longer is
 * neither warned of nor disabled; and as the first failure lies half the period back, failures are spread over more than a day.
 */
const RECENT_SHARE = 0.2;

export function triedSince(now: Date, periodSeconds: number): Date {
  return new Date(now.getTime() - periodSeconds * RECENT_SHARE * 1_000);
}

export function endOf(failingSince: Date, periodSeconds: number): Date {
  return new Date(failingSince.getTime() + periodSeconds * 1_000);
}
