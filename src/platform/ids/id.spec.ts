import { firstIdAt, newId, timeOfId } from './id';

describe('newId', () => {
  it('is the prefix and 27 characters of base 62', () => {
    expect(newId('msg')).toMatch(/^msg_[0-9A-Za-z]{27}$/);
  });

  it('sorts in the order of creation, even within one millisecond', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('msg'));
    expect(ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? ''))).toBe(true);
  });

  it('carries its time', () => {
    const before = Date.now();
    const made = timeOfId(newId('ep'))?.getTime() ?? 0;
    expect(made).toBeGreaterThanOrEqual(before);
    expect(made).toBeLessThanOrEqual(Date.now() + 2);
  });
});

describe('firstIdAt', () => {
  it('separates the ids made before a moment from those made after it', () => {
    const id = newId('msg');
    const made = timeOfId(id)?.getTime() ?? 0;
    expect(firstIdAt('msg', new Date(made)) <= id).toBe(true);
    expect(firstIdAt('msg', new Date(made + 1)) > id).toBe(true);
  });

  it.each([0, 1, 238_327, 238_328, 4_294_967_295, 1_764_000_000_000, 2 ** 48 - 1])('is the number in base 62, for %d ms', (ms) => {
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    let text = '';
    for (let rest = BigInt(ms) << 112n; rest > 0n; rest /= 62n) text = digits.charAt(Number(rest % 62n)) + text;
    expect(firstIdAt('msg', new Date(ms))).toBe(`msg_${text.padStart(27, '0')}`);
  });

  it('round-trips through timeOfId', () => {
    const day = new Date('2031-02-03T00:00:00Z');
    expect(timeOfId(firstIdAt('msg', day))).toEqual(day);
  });
});

describe('timeOfId', () => {
  it.each(['', 'msg_', 'msg_short', 'msg_!!!!!!!!!!!!!!!!!!!!!!!!!!!', 'x'.repeat(500)])('answers null for %j', (text) => {
    expect(timeOfId(text)).toBeNull();
  });
});
