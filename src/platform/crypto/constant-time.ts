import { timingSafeEqual } from 'node:crypto';

/** Whether two texts or byte strings are equal, in a time that does not tell where they differ. */
export function equalsInConstantTime(a: Buffer | string, b: Buffer | string): boolean {
  const [left, right] = [Buffer.from(a as string), Buffer.from(b as string)];
  return left.length === right.length && timingSafeEqual(left, right);
}
