import { parseOptions } from '@node-rs/argon2';
import { TooBusy, Turnstile } from '../../../platform/batching/turnstile';
import { passwordHasherContract } from '../testing/password-hasher.contract';
import { Argon2PasswordHasher } from './argon2-password-hasher';

describe('Argon2PasswordHasher', () => {
  const passwords = new Argon2PasswordHasher();
  passwordHasherContract(() => passwords);

  it('uses argon2id at the parameters that OWASP asks for', async () => {
    const hash = await passwords.hash('correct horse battery staple');
    expect(hash).toMatch(/^\$argon2id\$/);
    expect(parseOptions(hash)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  });

  it.each([
    '$argon2id$v=19$m=19456,t=1,p=1$ALofH5ic7fB364ND2Z9JVA$CeZOccy8eogYCAf397/b0WPpOcAeDDHMYYU7FSwSv9g',
    '$argon2id$v=19$m=65536,t=2,p=1$ALofH5ic7fB364ND2Z9JVA$CeZOccy8eogYCAf397/b0WPpOcAeDDHMYYU7FSwSv9g',
    '$argon2i$v=19$m=19456,t=2,p=1$ALofH5ic7fB364ND2Z9JVA$CeZOccy8eogYCAf397/b0WPpOcAeDDHMYYU7FSwSv9g',
  ])('wants %s made anew', (hash) => expect(passwords.needsRehash(hash)).toBe(true));

  it('refuses what would wait too long, and serves everybody again afterwards', async () => {
    const crowded = new Argon2PasswordHasher(new Turnstile(5));
    const crowd = await Promise.allSettled(Array.from({ length: 30 }, () => crowded.hash('one of many people')));
    const refused = crowd.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ reason }) => reason instanceof TooBusy)).toBe(true);
    expect(crowd.length - refused.length).toBeGreaterThanOrEqual(5);
    await expect(crowded.hash('one of many people')).resolves.toEqual(expect.any(String));
  });
});
