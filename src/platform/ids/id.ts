import { drawnBytes } from '../crypto/drawn-bytes';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 20 bytes in base 62, always: 62^27 > 2^160. */
const ID_LENGTH = 27;
const FORMAT = /^[0-9A-Za-z]{27}$/;
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

/** Before and after all ids, of any prefix, in the collation "C": for ranges that are open at an end. */
export const [BEFORE_ALL_IDS, AFTER_ALL_IDS]: readonly [string, string] = ['', '~'];

/** The smallest id of this prefix that could have been made at `time`: a bound for ranges and partitions. */
export function firstIdAt(prefix: string, time: Date): string {
  const bytes = Buffer.alloc(20);
  bytes.writeUIntBE(Math.max(0, time.getTime()), 0, 6);
  return `${prefix}_${toBase62(bytes)}`;
}

/** When the id was made, or null when it is not one of ours. */
export function timeOfId(id: string): Date | null {
  const digits = id.slice(id.lastIndexOf('_') + 1);
  if (!FORMAT.test(digits)) return null;
  // 16-bit limbs, as below; the first three of ten are the milliseconds. 27 digits can say a little more than 160 bits.
  const limbs = new Float64Array(10);
  for (let at = 0; at < ID_LENGTH; at += 3) {
    let carry = (valueOf(digits, at) * 62 + valueOf(digits, at + 1)) * 62 + valueOf(digits, at + 2);
    for (let i = 9; i > 0; i--) {
      const value = (limbs[i] ?? 0) * 238_328 + carry;
      limbs[i] = value % 65_536;
      carry = Math.floor(value / 65_536);
    }
    limbs[0] = (limbs[0] ?? 0) * 238_328 + carry;
  }
  return new Date((limbs[0] ?? 0) * 2 ** 32 + (limbs[1] ?? 0) * 2 ** 16 + (limbs[2] ?? 0));
}

/** The same, of an id that is known to be ours. */
export function timeOf(id: string): Date {
  const time = timeOfId(id);
  if (!time) throw new Error(`${id} is no id.`);
  return time;
}

function valueOf(digits: string, at: number): number {
  const code = digits.charCodeAt(at);
  if (code <= 57) return code - 48;
  return code <= 90 ? code - 55 : code - 61;
}

/** Long division by 62^3 over 32-bit limbs: every step stays below 2^53, and BigInt would cost ten times as much. */
function toBase62(bytes: Buffer): string {
  const limbs = [0, 0, 0, 0, 0];
  for (let i = 0; i < 5; i++) limbs[i] = bytes.readUInt32BE(i * 4);
  let digits = '';
  let first = 0;
  for (let group = 0; group < 9; group++) {
    let remainder = 0;
    for (let i = first; i < 5; i++) {
      const value = remainder * 4_294_967_296 + (limbs[i] ?? 0);
      const quotient = Math.floor(value / 238_328);
      limbs[i] = quotient;
      remainder = value - quotient * 238_328;
    }
    while (first < 4 && limbs[first] === 0) first++;
    digits =
      ALPHABET.charAt(Math.floor(remainder / 3_844)) +
      ALPHABET.charAt(Math.floor(remainder / 62) % 62) +
      ALPHABET.charAt(remainder % 62) +
      digits;
  }
  return digits;
}
