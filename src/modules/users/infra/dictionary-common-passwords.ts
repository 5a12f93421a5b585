import { Injectable } from '@nestjs/common';
import { CommonPasswords } from '../domain/common-passwords';

/** 49,000 passwords from public leaks. Read when first asked: 30 ms and 14 MB that the worker, which asks never, is spared. */
@Injectable()
export class DictionaryCommonPasswords extends CommonPasswords {
  private words: Promise<ReadonlySet<string>> | undefined;

  override async has(password: string): Promise<boolean> {
    this.words ??= dictionary();
    return (await this.words).has(password);
  }
}

async function dictionary(): Promise<ReadonlySet<string>> {
  const common = await import('@zxcvbn-ts/language-common');
  return new Set(common.dictionary['passwords-common'].map((password) => password.normalize('NFKC').toLowerCase()));
}
