import { type LookupHash } from '../../../platform/crypto/lookup-hash';
import { networkOf } from '../../../platform/http/client-network';
import { type Attempt, FREE_FAILURES } from '../domain/sign-in-throttle';

/** One count of failures. */
export type Bucket = { readonly key: string; readonly free: number };

/** What an attempt is counted under. Keyed hashes: the table shows neither whom nor from where. */
export function throttleKeys(lookup: LookupHash, { account, address }: Attempt) {
  const hash = (...parts: string[]) => lookup.of('auth.throttle.v1', parts.join('\0')).toString('base64url');
  const network = address === null ? null : networkOf(address);
  return {
    account: account === null ? null : { key: hash('account', account), free: FREE_FAILURES.account },
    address: network === null ? null : { key: hash('address', network), free: FREE_FAILURES.address },
    device: account === null || network === null ? null : { key: hash('device', account, network), free: FREE_FAILURES.account },
  };
}

/** A known device answers for itself; anybody else for the account and for the address. */
export function bucketsOf(keys: ReturnType<typeof throttleKeys>, knownDevice: boolean): Bucket[] {
  const buckets = knownDevice ? [keys.device] : [keys.account, keys.address];
  return buckets.filter((bucket) => bucket !== null);
}
