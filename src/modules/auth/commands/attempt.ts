import { normalizeEmail } from '../../users';
import { callContext } from '../../../platform/context/call-context';
import type { Attempt } from '../domain/sign-in-throttle';

/** An attempt by whoever sent the request that is being handled. */
export function attemptOn(account: string | null): Attempt {
  return { account, address: callContext().address };
}

/**
 * A mail that a stranger makes us send: counted like a failed attempt, five at once and then ever slower, else anybody could fill anybody's
 * mailbox. Not counted against the stranger's address: whole offices register from one.
 */
export function mailTo(email: string): Attempt {
  return { account: `mail:${normalizeEmail(email)}`, address: null };
}
