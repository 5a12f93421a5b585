import { aPasswordReset, aUser, NOW } from '../testing/builders';
import { ResetFailed } from './user.errors';

const later = (ms: number) => new Date(NOW.getTime() + ms);
const HOUR = 60 * 60_000;

describe('PasswordReset', () => {
  it('is good for an hour', () => {
    const user = aUser();
    expect(() => aPasswordReset(user).use(user, later(HOUR - 1))).not.toThrow();
    expect(() => aPasswordReset(user).use(user, later(HOUR))).toThrow(ResetFailed);
  });

  it('is good once', () => {
    const user = aUser();
    const reset = aPasswordReset(user);
    reset.use(user, NOW);
    expect(() => reset.use(user, NOW)).toThrow(ResetFailed);
  });

  it('dies when the password is changed in another way', () => {
    const user = aUser();
    const reset = aPasswordReset(user);
    user.changePassword('another hash', NOW);
    expect(() => reset.use(user, NOW)).toThrow(ResetFailed);
  });

  it('dies with the address that it was sent to', () => {
    const user = aUser();
    expect(() => aPasswordReset(user).use(Object.assign(user, { emailHash: aUser().emailHash }), NOW)).toThrow(ResetFailed);
  });

  it('starts anew when it is issued again', () => {
    const user = aUser();
    const reset = aPasswordReset(user);
    reset.use(user, NOW);
    user.changePassword('another hash', NOW);
    reset.reissue(user, Buffer.alloc(32, 1), later(HOUR));
    expect(() => reset.use(user, later(2 * HOUR - 1))).not.toThrow();
  });
});
