import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import type { User } from '../domain/user';
import { SecondFactorExists, SecondFactorMissing, WrongCode } from '../domain/user.errors';
import { aUser, NOW } from '../testing/builders';
import { InMemorySecondFactorRepository } from '../testing/in-memory-second-factor.repository';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { ReadableOneTimeCodes } from '../testing/readable-one-time-codes';
import { ConfirmSecondFactor, ConfirmSecondFactorHandler } from './confirm-second-factor';
import { RemoveSecondFactor, RemoveSecondFactorHandler } from './remove-second-factor';
import { RenewRecoveryCodes, RenewRecoveryCodesHandler } from './renew-recovery-codes';
import { StartSecondFactor, StartSecondFactorHandler } from './start-second-factor';

const STEP = Math.floor(NOW.getTime() / 30_000);

describe('a second factor', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const clock = new FixedClock(NOW);
  const codes = new ReadableOneTimeCodes();
  let users: InMemoryUserRepository;
  let factors: InMemorySecondFactorRepository;
  let ann: User;

  const start = () => new StartSecondFactorHandler(users, factors, codes, clock).execute(new StartSecondFactor(ann.id));
  const confirm = (code: string) =>
    new ConfirmSecondFactorHandler(factors, codes, lookup, clock).execute(new ConfirmSecondFactor(ann.id, code));
  const renew = () => new RenewRecoveryCodesHandler(factors, lookup, clock).execute(new RenewRecoveryCodes(ann.id));
  const remove = () => new RemoveSecondFactorHandler(factors).execute(new RemoveSecondFactor(ann.id));
  const enabled = async () => {
    await start();
    return (await confirm(codes.codeAt(STEP - 1))).recoveryCodes;
  };

  beforeEach(async () => {
    users = new InMemoryUserRepository();
    factors = new InMemorySecondFactorRepository();
    ann = aUser({ email: 'ann@example.com' });
    await users.save(ann);
  });

  it('counts after its first code', async () => {
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

  it('gets new recovery codes', async () => {
    const old = await enabled();
    const { recoveryCodes } = await renew();
    expect(recoveryCodes).toHaveLength(10);
    expect(recoveryCodes.filter((code) => old.includes(code))).toEqual([]);
  });

  it('is removed, once', async () => {
    await enabled();
    await remove();
    expect(factors.events.at(-1)!.type).toBe('user.second_factor_disabled');
    await expect(remove()).rejects.toThrow(SecondFactorMissing);
    await expect(renew()).rejects.toThrow(SecondFactorMissing);
  });
});
