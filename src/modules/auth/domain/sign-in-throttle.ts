import { Turnstile } from '../../../platform/batching/turnstile';
import { DomainError, InvalidField } from '../../../platform/errors/domain-error';

/** A try to prove who one is. */
export type Attempt = {
  /** Which account it is about: an e-mail address in its one spelling, or a user id. Null when it names none. */
  readonly account: string | null;
  /** Network address of who tries. */
  readonly address: string | null;
};

export class TooManyAttempts extends DomainError {
  readonly kind = 'too_many';
  readonly code = 'too_many_attempts';

  constructor(override readonly retryAfterSeconds: number) {
    super(`Too many attempts failed. Try again in ${retryAfterSeconds} s.`);
  }
}

/** Failures before anybody has to wait: people mistype, and offices share an address. */
export const FREE_FAILURES = { account: 5, address: 30 } as const;
const LONGEST_WAIT_SECONDS = 900;

/** 1 s after the last free failure, then twice as long each time; never for ever, else a stranger could lock the owner out. */
export function waitAfter(failures: number, free: number): number {
  return failures < free ? 0 : Math.min(2 ** (failures - free), LONGEST_WAIT_SECONDS);
}

/** How long failures are remembered. */
export const FAILURE_MEMORY_SECONDS = 86_400;
/** How long a device from which somebody signed in is theirs. */
export const DEVICE_MEMORY_SECONDS = 90 * 86_400;

/**
 * Port: slows down guessing, per account and per address. A device from which the person signed in before has a count of its own,
 * so that strangers who guess do not keep the owner out.
 */
export abstract class SignInThrottle {
  private readonly turnstile = new Turnstile();

  /** Seconds until the next attempt is looked at; 0 for now. */
  abstract wait(attempt: Attempt): Promise<number>;
  abstract countFailure(attempt: Attempt): Promise<void>;
  /** Forgets the failures of the account, and knows the device from now on. */
  abstract countSuccess(attempt: Attempt): Promise<void>;

  /**
   * Runs one attempt, in its turn: each takes a dozen statements, and 100 at once kept messages waiting for a connection, 600 ms at
   * the 99th percentile. `prove` only checks: what follows from the proof is done after it, and no attempt may be part of another.
   * @throws TooManyAttempts
   * @throws TooBusy
   */
  run<T>(attempt: Attempt, prove: () => Promise<T>): Promise<T> {
    return this.turnstile.run(() => this.try(attempt, prove));
  }

  private async try<T>(attempt: Attempt, prove: () => Promise<T>): Promise<T> {
    await this.admit(attempt);
    let proof: T;
    try {
      proof = await prove();
    } catch (error) {
      if (isRefusal(error)) await this.countFailure(attempt);
      throw error;
    }
    // Guesses sent all at once pass the first look together; those that end after too many of them failed learn nothing.
    await this.admit(attempt);
    await this.countSuccess(attempt);
    return proof;
  }

  /**
   * For proofs that nobody can guess: a good one always passes, only bad ones are counted and slowed down.
   * @throws TooManyAttempts
   */
  async refuse(attempt: Attempt): Promise<void> {
    await this.admit(attempt);
    await this.countFailure(attempt);
  }

  private async admit(attempt: Attempt): Promise<void> {
    const seconds = await this.wait(attempt);
    if (seconds > 0) throw new TooManyAttempts(seconds);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && !(error instanceof InvalidField) && ['unauthenticated', 'invalid'].includes(error.kind);
}
