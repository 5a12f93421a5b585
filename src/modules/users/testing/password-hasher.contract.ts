import type { PasswordHasher } from '../domain/password-hasher';

export function passwordHasherContract(open: () => PasswordHasher): void {
  const password = 'correct horse battery staple';

  it('knows the password again, and no other', async () => {
    const hash = await open().hash(password);
    expect(await open().verify(password, hash)).toBe(true);
    for (const other of [`${password} `, password.toUpperCase(), '', password.slice(1)])
      expect(await open().verify(other, hash)).toBe(false);
  });

  it('never makes the same hash twice', async () => {
    expect(await open().hash(password)).not.toBe(await open().hash(password));
  });

  it('takes a password in another Unicode form for the same', async () => {
    const hash = await open().hash('na\u00efve caf\u00e9 \u{1f511}');
    expect(await open().verify('nai\u0308ve cafe\u0301 \u{1f511}', hash)).toBe(true);
  });

  it.each(['x'.repeat(1_024), 'with\u0000zero byte', ' spaces at the ends '])('takes %j as it is', async (unusual) => {
    const hash = await open().hash(unusual);
    expect(await open().verify(unusual, hash)).toBe(true);
    expect(await open().verify(unusual.trim().slice(0, 10), hash)).toBe(false);
  });

  it('is content with the hashes that it makes', async () => {
    expect(open().needsRehash(await open().hash(password))).toBe(false);
  });

  it('says no for an account that does not exist', async () => {
    expect(await open().verify(password, null)).toBe(false);
  });
}
