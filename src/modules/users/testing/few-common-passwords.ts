import { CommonPasswords } from '../domain/common-passwords';

export class FewCommonPasswords extends CommonPasswords {
  private readonly words = new Set(['password', '123456', 'qwertyuiop123']);

  override async has(password: string): Promise<boolean> {
    return this.words.has(password);
  }
}
