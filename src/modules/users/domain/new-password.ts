import { InvalidField } from '../../../platform/errors/domain-error';
import type { CommonPasswords } from './common-passwords';
import { normalizeEmail } from './email-address';

/**
 * Refuses what attackers try first: common passwords, also repeated (`passwordpassword`), and the address itself. What a password is made of
 * is up to its owner.
 * @param loc of the password in the request
 * @throws InvalidField
 */
export async function mustBeHardToGuess(
  password: string,
  email: string,
  common: CommonPasswords,
  loc: readonly string[] = ['body', 'password'],
): Promise<void> {
  const spelled = password.normalize('NFKC').toLowerCase();
  const address = normalizeEmail(email);
  if (spelled === address || spelled === address.split('@')[0]) throw new InvalidField(loc, 'must not be your e-mail address');
  for (const part of [spelled, ...repeatedParts(spelled)]) {
    if (await common.has(part)) throw new InvalidField(loc, 'is one of the passwords that attackers try first: choose another');
  }
}

/** Every text that gives this one when it is written several times. The longest common password has far less than 64 characters. */
function repeatedParts(text: string): string[] {
  const longest = Math.min(64, text.length / 2);
  const parts: string[] = [];
  for (let length = 1; length <= longest; length++) {
    const part = text.slice(0, length);
    if (text.length % length === 0 && part.repeat(text.length / length) === text) parts.push(part);
  }
  return parts;
}
