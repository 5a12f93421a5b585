/** Port. The same password in another Unicode form is the same password. */
export abstract class PasswordHasher {
  /** @throws TooBusy */
  abstract hash(password: string): Promise<string>;
  /** Whether the hash was made with other parameters than those of today. */
  abstract needsRehash(hash: string): boolean;
  /**
   * `hash` null: there is no such account, or it has no password. The answer is false, and takes as long as for one that exists.
   * @throws TooBusy
   */
  abstract verify(password: string, hash: string | null): Promise<boolean>;
}
