/** Port: the passwords that attackers try first. */
export abstract class CommonPasswords {
  /** @param password in one spelling: NFKC, lower case */
  abstract has(password: string): Promise<boolean>;
}
