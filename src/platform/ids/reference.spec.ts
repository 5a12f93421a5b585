import { newId } from './id';
import { IDENTIFIER, isIdOf } from './reference';

describe('identifiers', () => {
  it.each(['a', 'user.created', 'A-b_c.9', newId('app'), 'x'.repeat(256)])('accepts %s', (text) => {
    expect(IDENTIFIER.test(text)).toBe(true);
  });

  it.each(['', 'x'.repeat(257), 'a b', 'a/b', 'ü', '\u0000', 'a\n', '😀', 'İ', 'a%2F'])('refuses %j', (text) => {
    expect(IDENTIFIER.test(text)).toBe(false);
  });

  it('tells an id by its prefix', () => {
    expect([newId('app'), 'app_', 'apple', 'APP_x', 'ep_app_'].map((text) => isIdOf('app', text))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
