import { diedTooOften, waitAfterFailure } from './step-retry';

describe('waitAfterFailure', () => {
  it('doubles up to five minutes and gives up after the tenth try', () => {
    const waits = Array.from({ length: 10 }, (_, n) => waitAfterFailure(n + 1));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, null]);
  });
});

describe('diedTooOften', () => {
  it('lets a step be claimed ten times', () => {
    expect([1, 10, 11].map(diedTooOften)).toEqual([false, false, true]);
  });
});
