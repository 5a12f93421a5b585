import { identifier, instant, metadata, plainText, singleLine, throttleRate, uidOf } from './fields';

describe('shared fields', () => {
  it.each(['customer-7', 'a.b_C-9', 'x'.repeat(256), 'apple'])('takes the uid %s', (uid) => {
    expect(uidOf('app').parse(uid)).toBe(uid);
  });

  it.each(['', 'x'.repeat(257), 'app_1', 'a b', 'ü', '\u0000', 'a\r\nb', 7, null, { id: 1 }])('refuses the uid %j', (uid) => {
    expect(uidOf('app').safeParse(uid).success).toBe(false);
  });

  it('refuses what a database or a terminal would trip over', () => {
    expect(['a\u0000', '\ud800', 'x'.repeat(11)].map((text) => plainText(10).safeParse(text).success)).toEqual([false, false, false]);
    expect(['a\nb', '', 'a\u001b[31m', '\u0085'].map((text) => singleLine(50).safeParse(text).success)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(['Ünïcode 😀 <b>', 'a'].map((text) => singleLine(50).safeParse(text).success)).toEqual([true, true]);
  });

  it.each(['2026-01-31T12:00:00Z', '2026-01-31T13:00:00.000+01:00', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z'])(
    'takes the time %s',
    (text) => {
      expect(instant.parse(text)).toEqual(new Date(text));
    },
  );

  it.each(['2026-01-31', '2026-01-31T12:00:00', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00+01:00', '9999-12-31T23:59:59-00:01', 7, null])(
    'refuses the time %j',
    (text) => {
      expect(instant.safeParse(text).success).toBe(false);
    },
  );

  it('keeps metadata small, flat and well-formed', () => {
    expect(metadata.parse(null)).toEqual({});
    expect(metadata.parse({ plan: 'pro' })).toEqual({ plan: 'pro' });
    expect(
      [{ a: 1 }, { a: null }, { a: { b: 'c' } }, { a: '\u0000' }, { '\ud800': 'a' }, { a: 'x'.repeat(4_096) }].map(
        (value) => metadata.safeParse(value).success,
      ),
    ).toEqual(Array(6).fill(false));
  });

  it('has bounds for rates and an alphabet for names', () => {
    expect([0, 1, 65_535, 65_536, 1.5, '5'].map((rate) => throttleRate.safeParse(rate).success)).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(['user.created', 'user created', ''].map((name) => identifier.safeParse(name).success)).toEqual([true, false, false]);
  });
});
