/** Port. The same password in another Unicode form is the same password. */
export abstract class PasswordHasher {
  /** @throws TooBusy */
  abstract hash(password: string): Promise<string>;
  /**
   * `hash` null: there is no such account. The answer is false, and takes as long as for one that exists.
   * @throws TooBusy
   */
  abstract verify(password: string, hash: string | null): Promise<boolean>;
}
