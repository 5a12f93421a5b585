import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { PasswordHasher } from '../domain/password-hasher';
import { TooBusy } from '../domain/user.errors';

/** The OWASP minimum, about 8 ms and 19 MiB a hash (64 MiB and 3 passes: 684 ms, a present to whoever wants to overload us). */
const ARGON2ID = { algorithm: 2 /* argon2id */, version: 1 /* 0x13 */, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const PARAMETERS = Object.keys(ARGON2ID) as (keyof typeof ARGON2ID)[];
/** Of a random password that nobody knows. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$ALofH5ic7fB364ND2Z9JVA$CeZOccy8eogYCAf397/b0WPpOcAeDDHMYYU7FSwSv9g';

/**
 * Hashing runs on libuv's 4 threads. One stays free for DNS and files: 60 hashes at once delayed a DNS look-up by 5.4 s. And one core
 * stays free for everybody who is not signing in (`npm run bench -- guard`).
 */
const AT_ONCE = Math.min(Math.max(1, availableParallelism() - 1), 3);
/** About half a second of waiting; whoever comes later is better served by a 503 than by a timeout. */
const MAX_WAITING = 50 * AT_ONCE;

@Injectable()
export class Argon2PasswordHasher extends PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  override hash(password: string): Promise<string> {
    return this.inTurn(() => hash(normalized(password), ARGON2ID));
  }

  override async verify(password: string, stored: string | null): Promise<boolean> {
    const matches = await this.inTurn(() => verify(stored ?? NOBODY, normalized(password)));
    return matches && stored !== null;
  }

  override needsRehash(stored: string): boolean {
    const used = parseOptions(stored);
    return PARAMETERS.some((name) => used[name] !== ARGON2ID[name]);
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < AT_ONCE) this.running++;
    else await this.turn();
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= MAX_WAITING) throw new TooBusy();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

/** Keyboards differ in how they compose "é". */
const normalized = (password: string) => password.normalize('NFKC');
