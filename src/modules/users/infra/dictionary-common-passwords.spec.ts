import { commonPasswordsContract } from '../testing/common-passwords.contract';
import { DictionaryCommonPasswords } from './dictionary-common-passwords';

describe('DictionaryCommonPasswords', () => {
  const common = new DictionaryCommonPasswords();
  commonPasswordsContract(() => common);

  it.each(['123456789012', '1q2w3e4r5t6y', 'qwertyuiop12'])('knows %j, long as it is', async (password) =>
    expect(await common.has(password)).toBe(true),
  );
});
