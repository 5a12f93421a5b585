import { aVerification, NOW, someSecrets } from '../testing/builders';
import { VerificationFailed } from './user.errors';

const HOUR = 60 * 60_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const secrets = someSecrets();

describe('EmailVerification', () => {
  it('is good for 24 hours', () => {
    expect(() => aVerification().use(NOW, later(24 * HOUR - 1))).not.toThrow();
    expect(() => aVerification().use(NOW, later(24 * HOUR))).toThrow(VerificationFailed);
  });

  it('is good once', () => {
    const verification = aVerification();
    verification.use(NOW, NOW);
    expect(() => verification.use(NOW, NOW)).toThrow(VerificationFailed);
    expect(() => verification.spendCodeAttempt(NOW)).toThrow(VerificationFailed);
  });

  it('confirms the registration that it was issued for, and no later one', () => {
    expect(() => aVerification().use(later(1), NOW)).toThrow(VerificationFailed);
  });

  it('allows five tries of a code, and the link after that', () => {
    const verification = aVerification();
    for (let i = 0; i < 5; i++) verification.spendCodeAttempt(NOW);
    expect(() => verification.spendCodeAttempt(NOW)).toThrow(VerificationFailed);
    expect(() => verification.use(NOW, NOW)).not.toThrow();
  });

  it('does not sell new tries for new codes', () => {
    const verification = aVerification();
    for (let i = 0; i < 5; i++) verification.spendCodeAttempt(NOW);
    verification.reissue(secrets, later(HOUR));
    expect(() => verification.spendCodeAttempt(later(HOUR))).toThrow(VerificationFailed);
  });

  it('starts anew when the old one had expired', () => {
    const verification = aVerification();
    for (let i = 0; i < 5; i++) verification.spendCodeAttempt(NOW);
    verification.reissue(secrets, later(24 * HOUR));
    expect(() => verification.spendCodeAttempt(later(24 * HOUR))).not.toThrow();
    expect(verification).toMatchObject(secrets);
  });
});
