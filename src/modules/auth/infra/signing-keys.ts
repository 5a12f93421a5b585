import { createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CONFIG, type Config } from '../../../config/env';
import type { TokenType } from '../domain/token-format';

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

  /** The key that verifies this token, if its header names one of ours and this type. Nothing is verified yet. */
  keyOf(jwt: string, type: TokenType): KeyObject | null {
    const header = Header.safeParse(headerOf(jwt));
    return header.success && header.data.typ === type ? this.publicKey(header.data.kid) : null;
  }

  /** Whether the header says so, whoever signed it. */
  isOfType(jwt: string, type: TokenType): boolean {
    const header = Header.safeParse(headerOf(jwt));
    return header.success && header.data.typ === type;
  }
}

const Header = z.object({ typ: z.string(), kid: z.string() });

function headerOf(jwt: string): unknown {
  try {
    return JSON.parse(Buffer.from(jwt.slice(0, jwt.indexOf('.')), 'base64url').toString());
  } catch {
    return null;
  }
}
