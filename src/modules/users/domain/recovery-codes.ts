import type { LookupHash } from '../../../platform/crypto/lookup-hash';

export const RECOVERY_CODES = 10;
/** Without i, l, o, u: letters that look like others, or make words. 32 of them: each is 5 bits of a byte. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
export const RECOVERY_CODE_BYTES = 16;

/** 80 bits to be written on paper: `7h2k-m3qx-9vd0-w5ts`. */
export function recoveryCode(random: Uint8Array): string {
  const letters = [...random].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return letters.match(/.{4}/g)?.join('-') ?? letters;
}

/** What is stored of a recovery code, however it is typed. */
export function recoveryCodeHash(lookup: LookupHash, userId: string, code: string): Buffer {
  return lookup.of('user.recovery-code.v1', `${userId}:${code.toLowerCase().replace(/[^0-9a-z]/g, '')}`);
}
