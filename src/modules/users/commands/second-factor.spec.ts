import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import type { User } from '../domain/user';
import { SecondFactorExists, SecondFactorMissing, WrongCode, WrongPassword } from '../domain/user.errors';
import { aUser, NOW } from '../testing/builders';
import { InMemorySecondFactorRepository } from '../testing/in-memory-second-factor.repository';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { PlainPasswordHasher } from '../testing/plain-password-hasher';
import { ReadableOneTimeCodes } from '../testing/readable-one-time-codes';
import { ConfirmSecondFactor, ConfirmSecondFactorHandler } from './confirm-second-factor';
import { PasswordCheck } from './password-check';
import { RemoveSecondFactor, RemoveSecondFactorHandler } from './remove-second-factor';
import { RenewRecoveryCodes, RenewRecoveryCodesHandler } from './renew-recovery-codes';
import { SecondFactorCheck } from './second-factor-check';
import { StartSecondFactor, StartSecondFactorHandler } from './start-second-factor';

const PASSWORD = 'correct horse battery staple';
const STEP = Math.floor(NOW.getTime() / 30_000);

describe('a second factor', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const clock = new FixedClock(NOW);
  const passwords = new PlainPasswordHasher();
  const codes = new ReadableOneTimeCodes();
  const check = new SecondFactorCheck(codes, lookup, clock);
  let users: InMemoryUserRepository;
  let factors: InMemorySecondFactorRepository;
  let ann: User;

  const password = () => new PasswordCheck(users, passwords);
  const start = (typed = PASSWORD) =>
    new StartSecondFactorHandler(password(), factors, codes, clock).execute(new StartSecondFactor(ann.id, typed));
  const confirm = (code: string) =>
    new ConfirmSecondFactorHandler(factors, codes, lookup, clock).execute(new ConfirmSecondFactor(ann.id, code));
  const renew = (code: string, typed = PASSWORD) =>
    new RenewRecoveryCodesHandler(password(), check, factors, lookup, clock).execute(new RenewRecoveryCodes(ann.id, typed, code));
  const remove = (code: string, typed = PASSWORD) =>
    new RemoveSecondFactorHandler(password(), check, factors).execute(new RemoveSecondFactor(ann.id, typed, code));
  const enabled = async () => {
    await start();
    return (await confirm(codes.codeAt(STEP - 1))).recoveryCodes;
  };

  beforeEach(async () => {
    users = new InMemoryUserRepository();
    factors = new InMemorySecondFactorRepository();
    ann = Object.assign(aUser({ email: 'ann@example.com' }), { passwordHash: await passwords.hash(PASSWORD) });
    await users.save(ann);
  });

  it('begins with the password, and counts after its first code', async () => {
    await expect(start('wrong wrong wrong')).rejects.toThrow(WrongPassword);
    await expect(confirm(codes.codeAt(STEP))).rejects.toThrow(SecondFactorMissing);
    const { secret, uri } = await start();
    expect(uri).toContain(secret);
    await expect(confirm('000000')).rejects.toThrow(WrongCode);
    await confirm(codes.codeAt(STEP));
    expect(factors.events.map(({ type }) => type)).toEqual(['user.second_factor_enabled']);
    await expect(start()).rejects.toThrow(SecondFactorExists);
  });

  it('comes with ten recovery codes, of which hashes are stored', async () => {
    const recoveryCodes = await enabled();
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const code of recoveryCodes) expect(code).toMatch(/^[0-9a-hj-km-np-tv-z]{4}(-[0-9a-hj-km-np-tv-z]{4}){3}$/);
    const stored = (await factors.findByUser(ann.id))!.recoveryHashes;
    expect(stored).toHaveLength(10);
    expect(stored.filter((hash) => recoveryCodes.includes(hash))).toEqual([]);
  });

  it('gets new recovery codes for password and code', async () => {
    const [first, second] = await enabled();
    await expect(renew(codes.codeAt(STEP), 'wrong wrong wrong')).rejects.toThrow(WrongPassword);
    const { recoveryCodes } = await renew(first!);
    await expect(renew(second!)).rejects.toThrow(WrongCode);
    await expect(renew(recoveryCodes[0]!)).resolves.toBeDefined();
  });

  it('is removed by password and code', async () => {
    await enabled();
    await expect(remove('000000')).rejects.toThrow(WrongCode);
    await expect(remove(codes.codeAt(STEP), 'wrong wrong wrong')).rejects.toThrow(WrongPassword);
    await remove(codes.codeAt(STEP));
    expect(factors.events.at(-1)!.type).toBe('user.second_factor_disabled');
    await expect(remove(codes.codeAt(STEP + 1))).rejects.toThrow(SecondFactorMissing);
  });
});
