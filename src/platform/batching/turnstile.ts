import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { DomainError } from '../errors/domain-error';

export class TooBusy extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'too_busy';

  constructor() {
    super('Too many people are signing in at this moment. Try again in a few seconds.');
  }
}

/**
 * Hashes at the same time: one core stays free for everybody who is not signing in, and one of libuv's 4 threads for DNS and
 * files (60 hashes at once delayed a DNS look-up by 5.4 s).
 */
const AT_ONCE = Math.min(Math.max(1, availableParallelism() - 1), 3);
/** About 5 s of waiting at 40 sign-ins a second and core; whoever comes later is better served by a 503 than by a timeout. */
const MAX_WAITING = 200 * AT_ONCE;

/** Lets through what costs much, a few at a time and in the order of arrival, so that a crowd slows down itself and nobody else. */
export class Turnstile {
  private readonly limit = pLimit(AT_ONCE);

  constructor(private readonly maxWaiting = MAX_WAITING) {}

  /** @throws TooBusy */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.limit.pendingCount >= this.maxWaiting) throw new TooBusy();
    return this.limit(work);
  }
}
