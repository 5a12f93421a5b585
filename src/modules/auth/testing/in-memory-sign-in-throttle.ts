import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { type Attempt, SignInThrottle, waitAfter } from '../domain/sign-in-throttle';
import { type Bucket, bucketsOf, throttleKeys } from '../infra/throttle-keys';

/** Time stands still: who has to wait waits until the test ends. */
export class InMemorySignInThrottle extends SignInThrottle {
  private readonly lookup = new LookupHash(Buffer.alloc(32));
  private readonly failures = new Map<string, number>();
  private readonly devices = new Set<string>();

  override async wait(attempt: Attempt): Promise<number> {
    return Math.max(...this.buckets(attempt).map(({ key, free }) => waitAfter(this.failures.get(key) ?? 0, free)));
  }

  override async countFailure(attempt: Attempt): Promise<void> {
    for (const { key } of this.buckets(attempt)) this.failures.set(key, (this.failures.get(key) ?? 0) + 1);
  }

  override async countSuccess(attempt: Attempt): Promise<void> {
    const { account, device } = throttleKeys(this.lookup, attempt);
    if (!account || !device) return;
    this.failures.delete(account.key);
    this.failures.delete(device.key);
    this.devices.add(device.key);
  }

  private buckets(attempt: Attempt): Bucket[] {
    const keys = throttleKeys(this.lookup, attempt);
    return bucketsOf(keys, keys.device !== null && this.devices.has(keys.device.key));
  }
}
