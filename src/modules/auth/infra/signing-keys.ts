import { createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/env';

/** The keys of our tokens: the first signs, all verify, so that a key can be replaced without a pause. */
@Injectable()
export class SigningKeys {
  private readonly publicKeys: ReadonlyMap<string, KeyObject>;
  readonly current: { readonly id: string; readonly privateKey: KeyObject };

  constructor(@Inject(CONFIG) { keys: { signing } }: Pick<Config, 'keys'>) {
    const [first] = signing;
    if (!first) throw new Error('TOKEN_KEYS holds no key.');
    this.current = first;
    this.publicKeys = new Map(signing.map(({ id, privateKey }) => [id, createPublicKey(privateKey)]));
  }

  /** By the id in a token's header. A map and nothing else: what a stranger sends never names a file, an address or a row. */
  publicKey(id: string): KeyObject | null {
    return this.publicKeys.get(id) ?? null;
  }
}
