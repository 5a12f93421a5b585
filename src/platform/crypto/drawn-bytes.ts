import { randomFillSync } from 'node:crypto';

const BLOCK = Buffer.allocUnsafe(4_096);
let drawn = BLOCK.length;

/** A few random bytes, each given out once. They are drawn in blocks: a call of the system's generator costs more than what most want them for. */
export function drawnBytes(count: number): Buffer {
  if (drawn + count > BLOCK.length) {
    randomFillSync(BLOCK);
    drawn = 0;
  }
  return Buffer.from(BLOCK.subarray(drawn, (drawn += count)));
}
