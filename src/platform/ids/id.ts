import { drawnBytes } from '../crypto/drawn-bytes';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 20 bytes in base 62, always: 62^27 > 2^160. */
const ID_LENGTH = 27;
const RANDOM_BYTES = 12;

let lastMs = 0;
let sequence = 0;

/**
 * A new id: prefix + `_` + 27 characters of base 62 over 6 bytes of milliseconds since 1970, 2 bytes of sequence within
 * the millisecond and 12 random bytes. Ids of one process sort in the order of creation, those of several by their
 * clocks, under the collation "C".
 */
export function newId(prefix: string): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    sequence = 0;
  } else if (++sequence > 0xffff) {
    lastMs++;
    sequence = 0;
  }
  const bytes = Buffer.allocUnsafe(20);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(sequence, 6);
  bytes.set(drawnBytes(RANDOM_BYTES), 8);
  return `${prefix}_${toBase62(bytes)}`;
}

/** The smallest id of this prefix that could have been made at `time`: a bound for ranges and partitions. */
export function firstIdAt(prefix: string, time: Date): string {
  const bytes = Buffer.alloc(20);
  bytes.writeUIntBE(Math.max(0, time.getTime()), 0, 6);
  return `${prefix}_${toBase62(bytes)}`;
}

/** When the id was made, or null when it is not one of ours. */
export function timeOfId(id: string): Date | null {
  const digits = id.slice(id.lastIndexOf('_') + 1);
  if (digits.length !== ID_LENGTH) return null;
  let value = 0n;
  for (const digit of digits) {
    const index = ALPHABET.indexOf(digit);
    if (index < 0) return null;
    value = value * 62n + BigInt(index);
  }
  return new Date(Number(value >> 112n));
}

/** Long division by 62^3 over 16-bit limbs: every step stays below 2^53, and BigInt would cost ten times as much. */
function toBase62(bytes: Buffer): string {
  const limbs = new Uint16Array(10);
  for (let i = 0; i < 10; i++) limbs[i] = bytes.readUInt16BE(i * 2);
  let digits = '';
  for (let group = 0; group < 9; group++) {
    let remainder = 0;
    for (let i = 0; i < 10; i++) {
      const value = remainder * 65_536 + (limbs[i] ?? 0);
      limbs[i] = Math.floor(value / 238_328);
      remainder = value % 238_328;
    }
    digits =
      ALPHABET.charAt(Math.floor(remainder / 3_844)) +
      ALPHABET.charAt(Math.floor(remainder / 62) % 62) +
      ALPHABET.charAt(remainder % 62) +
      digits;
  }
  return digits;
}
