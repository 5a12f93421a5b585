import { hash, parseOptions, verify } from '@node-rs/argon2';
import { Turnstile } from '../../../platform/batching/turnstile';
import { PasswordHasher } from '../domain/password-hasher';

/** The OWASP minimum, about 8 ms and 19 MiB a hash (64 MiB and 3 passes: 684 ms, a present to whoever wants to overload us). */
const ARGON2ID = { algorithm: 2 /* argon2id */, version: 1 /* 0x13 */, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const PARAMETERS = Object.keys(ARGON2ID) as (keyof typeof ARGON2ID)[];
/** Of a random password that nobody knows. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$ALofH5ic7fB364ND2Z9JVA$CeZOccy8eogYCAf397/b0WPpOcAeDDHMYYU7FSwSv9g';

export class Argon2PasswordHasher extends PasswordHasher {
  constructor(private readonly turnstile = new Turnstile()) {
    super();
  }

  override hash(password: string): Promise<string> {
    return this.turnstile.run(() => hash(normalized(password), ARGON2ID));
  }

  override async verify(password: string, stored: string | null): Promise<boolean> {
    const matches = await this.turnstile.run(() => verify(stored ?? NOBODY, normalized(password)));
    return matches && stored !== null;
  }

  override needsRehash(stored: string): boolean {
    const used = parseOptions(stored);
    return PARAMETERS.some((name) => used[name] !== ARGON2ID[name]);
  }
}

/** Keyboards differ in how they compose "é". */
const normalized = (password: string) => password.normalize('NFKC');
