/** A key that signs, as its row has it; the first of a list is the current one, and the others end. */
export type StoredSecret = { readonly key: string; readonly expiresAt: string | null };

/** Keys that sign at this time, the current one first. */
export function validKeys(secrets: readonly StoredSecret[], now: Date): string[] {
  return secrets.filter(({ expiresAt }) => expiresAt === null || new Date(expiresAt) > now).map(({ key }) => key);
}
