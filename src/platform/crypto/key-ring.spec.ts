import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, KeyRing } from './key-ring';
import { keyWrapperContract } from './testing/key-wrapper.contract';

const key = randomBytes(32);
const plain = Buffer.from('Persephone');

describe('encrypt', () => {
  it.each([0, 1, 15, 16, 17, 1_000])('is undone by decrypt, for %d bytes', (length) => {
    const bytes = randomBytes(length);
    expect(decrypt(key, 'a', encrypt(key, 'a', bytes))).toEqual(bytes);
  });

  it('hides the text, and gives other bytes each time', () => {
    const [one, two] = [encrypt(key, 'a', plain), encrypt(key, 'a', plain)];
    expect(one.includes(plain)).toBe(false);
    expect(one.equals(two)).toBe(false);
  });
});

describe('decrypt', () => {
  const sealed = encrypt(key, 'a', plain);

  it('refuses another key and another context', () => {
    expect(() => decrypt(randomBytes(32), 'a', sealed)).toThrow();
    expect(() => decrypt(key, 'b', sealed)).toThrow();
    expect(() => decrypt(key, '', sealed)).toThrow();
  });

  it('refuses bytes that were cut, wherever', () => {
    for (let length = 0; length < sealed.length; length++) {
      expect(() => decrypt(key, 'a', sealed.subarray(0, length))).toThrow();
      expect(() => decrypt(key, 'a', sealed.subarray(sealed.length - length))).toThrow();
    }
  });

  it('refuses bytes of which any bit was flipped, or that were added to', () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => decrypt(key, 'a', altered)).toThrow();
    }
    expect(() => decrypt(key, 'a', Buffer.concat([sealed, Buffer.alloc(1)]))).toThrow();
  });
});

describe('KeyRing', () => {
  const keys = new Map<string, Buffer>();
  const named = (id: string) => {
    const one = keys.get(id) ?? randomBytes(32);
    keys.set(id, one);
    return { id, key: one };
  };

  keyWrapperContract((...names) => new KeyRing(names.map(named)));

  it('names a key that is missing, and shows no key', () =>
    expect(new KeyRing([named('2026')]).unwrap('2025', 'a', Buffer.alloc(60))).rejects.toThrow(
      new Error('ENCRYPTION_KEYS lacks the key 2025, which stored data still needs.'),
    ));

  it('refuses what another key of the same id wrapped', async () => {
    const wrapped = await new KeyRing([named('2025')]).wrap('data_key:org_1', key);
    await expect(new KeyRing([{ id: '2025', key: randomBytes(32) }]).unwrap('2025', 'data_key:org_1', wrapped)).rejects.toThrow();
  });

  it('is never empty', () => {
    expect(() => new KeyRing([])).toThrow('A key ring needs at least one key.');
  });
});
