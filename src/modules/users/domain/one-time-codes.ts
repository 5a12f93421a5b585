/** Port: codes of an authenticator app (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds, which is what all apps can do). */
export abstract class OneTimeCodes {
  /** @returns in base 32, 160 bits */
  abstract newSecret(): string;
  /** What a QR code carries to the app. */
  abstract uri(secret: string, account: string): string;
  /** The 30-second step that the code belongs to, counted from 1970; one step to either side is taken as well. Null for a wrong code. */
  abstract stepOf(secret: string, code: string, now: Date): number | null;
}
