import type { Attempt } from './attempt';

/**
 * The circuit breaker of an endpoint, whose state is in its lane. After `OPENS_AT` strikes without a success it is open: for a
 * while nothing is sent, nothing is given up and no attempt is used up. Then one delivery goes, as a probe. If it succeeds
 * everything goes; if it fails the next wait is twice as long.
 */
export const OPENS_AT = 10;
/** It opens as well when half of the attempts were strikes: of at least so many, in the time that begins with a strike. */
export const SHARE_OF_ATTEMPTS = 20;
export const SHARE_SECONDS = 60;
export const FIRST_WAIT_SECONDS = 30;
/** Neither is any wait longer than the longest of the endpoint's own schedule of retries; without retries there is none. */
export const LONGEST_WAIT_SECONDS = 300;
/** Beyond, strikes do not count: waits are at their longest. */
export const MOST_STRIKES = OPENS_AT + Math.ceil(Math.log2(LONGEST_WAIT_SECONDS / FIRST_WAIT_SECONDS));

const TIMEOUT = /^timeout_|^transformation_timeout$/;

/** What an attempt counts: a receiver that does not answer holds a slot for all of its time, so it counts double. */
export function strikesOf({ succeeded, reason }: Pick<Attempt, 'succeeded' | 'reason'>): number {
  if (succeeded) return 0;
  return TIMEOUT.test(reason) ? 2 : 1;
}
