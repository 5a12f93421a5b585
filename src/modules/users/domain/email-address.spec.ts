import fc from 'fast-check';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { emailHash, isEmail, normalizeEmail } from './email-address';

describe('normalizeEmail', () => {
  it.each([
    ['  Ann@Example.COM ', 'ann@example.com'],
    ['ａｎｎ＠example.com', 'ann@example.com'],
    ['Jose\u0301@example.com', 'jos\u00e9@example.com'],
    ['ann+tag@example.com', 'ann+tag@example.com'],
  ])('makes %j %j', (text, normal) => expect(normalizeEmail(text)).toBe(normal));

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => normalizeEmail(normalizeEmail(text)) === normalizeEmail(text)),
      { numRuns: 2_000 },
    );
  });
});

describe('isEmail', () => {
  it.each([
    'ann@example.com',
    'a.n+n@mail.example.co.uk',
    'жанна@пример.рф',
    "o'hara_1@xn--bcher-kva.example",
    `${'a'.repeat(64)}@example.com`,
  ])('takes %j', (text) => expect(isEmail(text)).toBe(true));

  it.each([
    '',
    'ann',
    '@example.com',
    'ann@',
    'ann@localhost',
    'ann@@example.com',
    'a@b@example.com',
    'ann@example..com',
    'ann@-example.com',
    '.ann@example.com',
    'a..n@example.com',
    '"ann lee"@example.com',
    'ann@[127.0.0.1]',
    'Ann <ann@example.com>',
    'ann@example.com,bob@example.com',
    'group:ann@example.com;',
    'ann@example.com\r\nBcc: all@example.com',
    'an\u0000n@example.com',
    'an\u202en@example.com',
    'an\ud800n@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'a.'.repeat(150)}com`,
    `ann@${'a'.repeat(64)}.com`,
  ])('refuses %j', (text) => expect(isEmail(text)).toBe(false));

  it('decides at once about hostile lengths', () => {
    const started = performance.now();
    isEmail(`${'a.'.repeat(50_000)}@${'a-'.repeat(50_000)}`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('emailHash', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 7));

  it('is the same for all spellings of an address', () => {
    expect(emailHash(lookup, ' ANN@example.com')).toEqual(emailHash(lookup, 'ann@example.com'));
    expect(emailHash(lookup, 'bob@example.com')).not.toEqual(emailHash(lookup, 'ann@example.com'));
  });
});
