import { randomInt, randomUUID } from 'node:crypto';
import { type DomainError, InvalidField } from '../../../platform/errors/domain-error';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { AuthenticationFailed } from '../domain/auth.errors';
import { type Attempt, type SignInThrottle, TooManyAttempts } from '../domain/sign-in-throttle';

const somebody = () => `${randomUUID()}@example.com`;
const somewhere = () =>
  `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::${randomInt(1, 65_536).toString(16)}`;

export function signInThrottleContract(open: () => SignInThrottle): void {
  const attempt = (changes: Partial<Attempt> = {}): Attempt => ({ account: somebody(), address: somewhere(), ...changes });
  const fail = async (times: number, one: Attempt | (() => Attempt)) => {
    for (let i = 0; i < times; i++) await open().countFailure(typeof one === 'function' ? one() : one);
  };

  it('lets an account fail four times; then each failure doubles the wait, up to 15 minutes', async () => {
    const account = somebody();
    const waits: number[] = [];
    for (let failures = 1; failures <= 16; failures++) {
      await open().countFailure({ account, address: somewhere() });
      waits.push(await open().wait({ account, address: somewhere() }));
    }
    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  it('lets an address fail with thirty accounts, whichever addresses of its network it uses', async () => {
    const network = '2001:db8:' + [randomInt(65_536), randomInt(65_536)].map((part) => part.toString(16)).join(':');
    const there = () => ({ account: somebody(), address: `${network}::${randomInt(1, 65_536).toString(16)}` });
    await fail(29, there);
    expect(await open().wait(there())).toBe(0);
    await fail(1, there);
    expect(await open().wait(there())).toBe(1);
    expect(await open().wait({ ...there(), account: null })).toBe(1);
    expect(await open().wait(attempt())).toBe(0);
  });

  it('counts failures that happen at once, each of them', async () => {
    const one = attempt();
    await Promise.all(Array.from({ length: 20 }, () => open().countFailure(one)));
    expect(await open().wait(one)).toBe(900);
  });

  it('forgets with a success', async () => {
    const account = somebody();
    await fail(4, () => attempt({ account }));
    await open().countSuccess(attempt({ account }));
    await fail(4, () => attempt({ account }));
    expect(await open().wait(attempt({ account }))).toBe(0);
  });

  it('does not keep the owner out of a device that is known, however hard strangers try', async () => {
    const home = attempt();
    await open().countSuccess(home);
    await fail(20, () => attempt({ account: home.account }));
    expect(await open().wait(attempt({ account: home.account }))).toBe(900);
    expect(await open().wait(home)).toBe(0);
    await fail(6, home);
    expect(await open().wait(home)).toBe(2);
  });

  describe('run', () => {
    const refused = () => Promise.reject(new AuthenticationFailed());

    it('gives the proof, and counts what was refused', async () => {
      const one = attempt();
      expect(await open().run(one, async () => 'proof')).toBe('proof');
      for (let i = 0; i < 5; i++) await expect(open().run(one, refused)).rejects.toThrow(AuthenticationFailed);
      const error: unknown = await open()
        .run(one, () => Promise.reject(new Error('not asked')))
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TooManyAttempts);
      expect(error).toMatchObject({ retryAfterSeconds: 1 });
    });

    it('does not count what says nothing about the proof', async () => {
      const one = attempt();
      const errors: DomainError[] = [new InvalidField(['body', 'password'], 'too short'), new EntityNotFound()];
      for (const error of [...errors, ...errors, ...errors]) await expect(open().run(one, () => Promise.reject(error))).rejects.toBe(error);
      expect(await open().wait(one)).toBe(0);
    });

    it('tells guesses that were all sent at once nothing, not even the right one', async () => {
      const one = attempt();
      const outcome = await open()
        .run(one, async () => {
          await fail(5, one);
          return 'proof';
        })
        .catch((error: unknown) => error);
      expect(outcome).toBeInstanceOf(TooManyAttempts);
    });
  });

  it('counts bad proofs that nobody can guess, and slows them down', async () => {
    const one = attempt({ account: null });
    for (let i = 0; i < 30; i++) await open().refuse(one);
    await expect(open().refuse(one)).rejects.toThrow(TooManyAttempts);
  });
}
