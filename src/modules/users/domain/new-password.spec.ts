import { InvalidField } from '../../../platform/errors/domain-error';
import { FewCommonPasswords } from '../testing/few-common-passwords';
import { mustBeHardToGuess } from './new-password';

const EMAIL = 'longlocalpart@example.com';

describe('mustBeHardToGuess', () => {
  const check = (password: string, email = EMAIL) => mustBeHardToGuess(password, email, new FewCommonPasswords());

  it.each([
    'correct horse battery staple',
    '            ',
    'x'.repeat(1_024),
    'password and something more',
    'passwordpasswor',
    'longlocalpart2',
  ])('takes %j', async (password) => await expect(check(password)).resolves.toBeUndefined());

  it.each([
    'qwertyuiop123',
    'QWERTYuiop123',
    'ｑｗｅｒｔｙｕｉｏｐ１２３',
    'passwordpassword',
    'PasswordPASSWORDpassword',
    '123456123456',
    'password'.repeat(128),
    'longlocalpart@example.com',
    'LongLocalPart@Example.com',
    'longlocalpart',
  ])('refuses %j', async (password) => await expect(check(password)).rejects.toThrow(InvalidField));

  it('says in which field', async () => {
    const refusal = mustBeHardToGuess('passwordpassword', EMAIL, new FewCommonPasswords(), ['body', 'newPassword']);
    await expect(refusal).rejects.toMatchObject({ loc: ['body', 'newPassword'] });
  });
});
