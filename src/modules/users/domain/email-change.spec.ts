import { randomBytes } from 'node:crypto';
import { anEmailChange, NOW } from '../testing/builders';
import { EmailChangeRequested } from '../users.events';
import { EmailChangeFailed } from './user.errors';

const later = (ms: number) => new Date(NOW.getTime() + ms);
const DAY = 24 * 60 * 60_000;
const [OLD, NEW] = [randomBytes(32), randomBytes(32)];

describe('EmailChange', () => {
  const issued = () => {
    const change = anEmailChange('user_1');
    change.issue('old', OLD, NOW);
    change.issue('new', NEW, NOW);
    return change;
  };

  it('needs both addresses, in any order', () => {
    for (const [first, second] of [
      [OLD, NEW],
      [NEW, OLD],
    ] as const) {
      const change = issued();
      const sides = first === OLD ? ['old', 'new'] : ['new', 'old'];
      expect(change.confirm(first, NOW)).toEqual({ confirmed: sides[0], complete: false });
      expect(change.confirm(second, NOW)).toEqual({ confirmed: sides[1], complete: true });
      expect(change.endedAt).toEqual(NOW);
    }
  });

  it('takes each token once', () => {
    const change = issued();
    change.confirm(OLD, NOW);
    expect(() => change.confirm(OLD, NOW)).toThrow(EmailChangeFailed);
    change.confirm(NEW, NOW);
    for (const token of [OLD, NEW]) expect(() => change.confirm(token, NOW)).toThrow(EmailChangeFailed);
  });

  it('waits 24 hours for both', () => {
    const change = issued();
    change.confirm(OLD, NOW);
    expect(() => change.confirm(NEW, later(DAY))).toThrow(EmailChangeFailed);
    expect(change.confirm(NEW, later(DAY - 1))).toMatchObject({ complete: true });
  });

  it('forgets what was agreed to when another address is asked for', () => {
    const change = issued();
    change.confirm(NEW, NOW);
    change.pullEvents();
    change.requestAgain({ newEmail: 'other@example.com', newEmailHash: randomBytes(32) }, NOW);
    expect(change).toMatchObject({ oldTokenHash: null, newTokenHash: null, newConfirmedAt: null });
    expect(change.pullEvents()).toEqual([EmailChangeRequested({ userId: 'user_1' })]);
  });

  it('can be given up', () => {
    const change = issued();
    change.giveUp(NOW);
    expect(() => change.confirm(NEW, NOW)).toThrow(EmailChangeFailed);
  });
});
