/** About 13 minutes in all: longer than a deploy or a failover, short enough that somebody still looks. */
const MAX_TRIES = 10;
const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 300_000;

/** How long to wait after the `attempt`th failure of a step, or null when it is time to give up. */
export function waitAfterFailure(attempt: number): number | null {
  return attempt >= MAX_TRIES ? null : Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
}

/** The claim of a task whose worker died each time: the step is taken for the cause. */
export function diedTooOften(attempt: number): boolean {
  return attempt > MAX_TRIES;
}
