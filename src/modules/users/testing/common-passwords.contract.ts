import type { CommonPasswords } from '../domain/common-passwords';

export function commonPasswordsContract(open: () => CommonPasswords): void {
  it.each(['password', '123456', 'qwertyuiop123'])('knows %j', async (password) => expect(await open().has(password)).toBe(true));

  it.each(['correct horse battery staple', '', 'constructor of this'])('does not know %j', async (password) =>
    expect(await open().has(password)).toBe(false),
  );
}
