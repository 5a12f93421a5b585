import type { Session } from './session';

/** Port. */
export abstract class SessionRepository {
  abstract find(id: string): Promise<Session | null>;
  /** Those that were not revoked, kept from changing until the transaction of the caller ends. */
  abstract lockOpenOf(userId: string): Promise<Session[]>;
  /** Deletes all of a person, those that ended as well. */
  abstract forget(userId: string): Promise<void>;
  /** @throws ConcurrentChange */
  abstract save(session: Session): Promise<void>;
}
