import { randomBytes } from 'node:crypto';
import { LookupHash } from './lookup-hash';

describe('LookupHash', () => {
  const key = randomBytes(32);
  const hash = new LookupHash(key);

  it('is the same for the same value, in every process that holds the key', () => {
    expect(hash.of('user.email', 'ann@example.com')).toEqual(new LookupHash(Buffer.from(key)).of('user.email', 'ann@example.com'));
    expect(hash.of('user.email', 'ann@example.com')).toHaveLength(32);
  });

  it('differs by value, by purpose and by key', () => {
    const hashes = [
      hash.of('user.email', 'ann@example.com'),
      hash.of('user.email', 'Ann@example.com'),
      hash.of('user.phone', 'ann@example.com'),
      new LookupHash(randomBytes(32)).of('user.email', 'ann@example.com'),
    ];
    expect(new Set(hashes.map((bytes) => bytes.toString('hex'))).size).toBe(hashes.length);
  });

  it('does not confuse the end of a purpose with the start of a value', () => {
    expect(hash.of('user', '.email')).not.toEqual(hash.of('user.', 'email'));
  });
});
