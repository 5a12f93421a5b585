import { aSecondFactor, NOW } from '../testing/builders';
import { RecoveryCodeUsed, SecondFactorEnabled } from '../users.events';
import { SecondFactorExists, WrongCode } from './user.errors';

const [FIRST, SECOND] = [Buffer.from('a1', 'hex'), Buffer.from('b2', 'hex')];

describe('SecondFactor', () => {
  const confirmed = () => {
    const factor = aSecondFactor('user_1');
    factor.confirm(100, [FIRST, SECOND], NOW);
    return factor;
  };

  it('counts once its first code was seen', () => {
    const factor = aSecondFactor('user_1');
    expect(() => factor.confirm(null, [FIRST], NOW)).toThrow(WrongCode);
    expect(factor.confirmedAt).toBeNull();
    factor.confirm(100, [FIRST], NOW);
    expect(factor.confirmedAt).toEqual(NOW);
    expect(factor.pullEvents()).toEqual([SecondFactorEnabled({ userId: 'user_1' })]);
  });

  it('is not replaced by a new one as long as it counts', () => {
    const factor = aSecondFactor('user_1');
    factor.startAgain('another secret', NOW);
    expect(factor.secret).toBe('another secret');
    factor.confirm(100, [], NOW);
    expect(() => factor.startAgain('a third', NOW)).toThrow(SecondFactorExists);
    expect(() => factor.confirm(101, [], NOW)).toThrow(SecondFactorExists);
  });

  it('takes a code once, and none before it', () => {
    const factor = confirmed();
    for (const step of [null, 99, 100]) expect(() => factor.useStep(step, NOW)).toThrow(WrongCode);
    factor.useStep(101, NOW);
    expect(() => factor.useStep(101, NOW)).toThrow(WrongCode);
  });

  it('takes a recovery code once', () => {
    const factor = confirmed();
    factor.pullEvents();
    factor.useRecoveryCode(FIRST, NOW);
    expect(factor.pullEvents()).toEqual([RecoveryCodeUsed({ userId: 'user_1' })]);
    expect(() => factor.useRecoveryCode(FIRST, NOW)).toThrow(WrongCode);
    factor.useRecoveryCode(SECOND, NOW);
    expect(factor.recoveryHashes).toEqual([]);
  });

  it('forgets the old recovery codes for new ones', () => {
    const factor = confirmed();
    factor.renewRecoveryCodes([Buffer.from('c3', 'hex')], NOW);
    expect(() => factor.useRecoveryCode(FIRST, NOW)).toThrow(WrongCode);
  });
});
