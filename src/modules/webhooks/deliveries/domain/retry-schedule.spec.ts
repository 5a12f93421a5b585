import { retryAfterSeconds } from '../../../../platform/destinations/http/retry-after';
import fc from 'fast-check';
import { retryDelay } from './retry-schedule';

const schedule = [5, 300, 1_800];
const request = { schedule, attempts: 1, retryAfterSeconds: null, chance: 0 };

describe('retryDelay', () => {
  it('follows the schedule and then gives up', () => {
    expect([1, 2, 3, 4].map((attempts) => retryDelay({ ...request, attempts }))).toEqual([5, 300, 1_800, null]);
  });

  it.each([
    [0, 300],
    [-5, 300],
    [299, 300],
    [450, 450],
    [1e99, 600],
  ])('bounds a Retry-After of %d s to %d s', (retryAfterSeconds, expected) => {
    expect(retryDelay({ ...request, attempts: 2, retryAfterSeconds })).toBe(expected);
  });

  it('stays within 20 % of what it means, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3),
        fc.option(fc.double({ noNaN: true })),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (attempts, retryAfterSeconds, chance) => {
          const base = schedule[attempts - 1] ?? 0;
          const delay = retryDelay({ schedule, attempts, retryAfterSeconds, chance });
          expect(delay).toBeGreaterThanOrEqual(base * 0.8);
          expect(delay).toBeLessThanOrEqual(base * 2 * 1.2);
        },
      ),
    );
  });

  it.each([
    ['0', 300],
    ['-5', 300],
    ['1e99', 300],
    ['abc', 300],
    ['450', 450],
    ['9'.repeat(400), 600],
    ['Sat, 31 Jan 2026 12:07:30 GMT', 450],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 600],
  ])('makes of a wait of 5 minutes and a Retry-After of %s one of %d s', (value, expected) => {
    const delay = retryDelay({
      schedule: [300],
      attempts: 1,
      retryAfterSeconds: retryAfterSeconds(value, new Date('2026-01-31T12:00:00Z')),
      chance: 0,
    });
    expect(delay).toBe(expected);
  });
});
