import { callContext } from '../../../platform/context/call-context';
import type { Attempt } from '../domain/sign-in-throttle';

/** An attempt by whoever sent the request that is being handled. */
export function attemptOn(account: string | null): Attempt {
  return { account, address: callContext().address };
}
