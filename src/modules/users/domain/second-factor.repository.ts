import type { SecondFactor } from './second-factor';

/** Port. */
export abstract class SecondFactorRepository {
  abstract findByUser(userId: string): Promise<SecondFactor | null>;
  /** @throws ConcurrentChange */
  abstract save(factor: SecondFactor): Promise<void>;
  /** @throws ConcurrentChange */
  abstract remove(factor: SecondFactor): Promise<void>;
}
