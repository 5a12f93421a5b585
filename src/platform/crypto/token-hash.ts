import { createHash } from 'node:crypto';

/** What is stored of a token that we made: plain SHA-256 is right for what holds far more chance than anybody can try. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
