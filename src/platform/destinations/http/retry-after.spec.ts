import { retryAfterSeconds } from './retry-after';

const NOW = new Date('2026-01-31T12:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120],
    ['9'.repeat(400), Infinity],
    ['Sat, 31 Jan 2026 12:01:30 GMT', 90],
    ['Saturday, 31-Jan-26 12:01:30 GMT', 90],
    ['Sat, 31 Jan 2026 11:59:00 GMT', -60],
  ])('of %s is %d s', (value, expected) => expect(retryAfterSeconds(value, NOW)).toBe(expected));

  it.each([undefined, '', '-5', '1e99', '1.5', 'abc', 'Abc', '0x10', '12 s', ['5', '6']])('of %j says nothing', (value) =>
    expect(retryAfterSeconds(value, NOW)).toBeNull(),
  );
});
