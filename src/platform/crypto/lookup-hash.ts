import { createHmac } from 'node:crypto';

/**
 * Keyed hash by which an encrypted value can be found again (HMAC-SHA-256, 32 bytes). It shows equality only, which
 * uniqueness needs anyway. `purpose` separates domains: equal values of two purposes have unrelated hashes.
 */
export class LookupHash {
  constructor(private readonly key: Buffer) {}

  of(purpose: string, value: string): Buffer {
    return createHmac('sha256', this.key).update(`${purpose}\0${value}`).digest();
  }
}
