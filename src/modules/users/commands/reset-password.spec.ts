import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { InvalidField } from '../../../platform/errors/domain-error';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import { InMemoryEventRecorder } from '../../../platform/testing/in-memory-event-recorder';
import type { User } from '../domain/user';
import { ResetFailed } from '../domain/user.errors';
import { anEmailChange, aUser, NOW } from '../testing/builders';
import { FewCommonPasswords } from '../testing/few-common-passwords';
import { InMemoryEmailChangeRepository } from '../testing/in-memory-email-change.repository';
import { InMemoryPasswordResetRepository } from '../testing/in-memory-password-reset.repository';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { PlainPasswordHasher } from '../testing/plain-password-hasher';
import { PasswordResetRequested } from '../users.events';
import { IssuePasswordReset, IssuePasswordResetHandler } from './issue-password-reset';
import { RequestPasswordReset, RequestPasswordResetHandler } from './request-password-reset';
import { ResetPassword, ResetPasswordHandler } from './reset-password';

const PASSWORD = 'correct horse battery staple';

describe('a forgotten password', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const clock = new FixedClock(NOW);
  let users: InMemoryUserRepository;
  let resets: InMemoryPasswordResetRepository;
  let changes: InMemoryEmailChangeRepository;
  let passwords: PlainPasswordHasher;
  let events: InMemoryEventRecorder;
  let ann: User;
  let ended: string[];

  const request = (email: string) => new RequestPasswordResetHandler(users, events, lookup).execute(new RequestPasswordReset(email));
  const issue = async (userId = ann.id) =>
    (await new IssuePasswordResetHandler(users, resets, lookup, clock).execute(new IssuePasswordReset(userId)))!;
  const reset = (token: string, password = PASSWORD) =>
    new ResetPasswordHandler(users, resets, changes, passwords, new FewCommonPasswords(), new ImmediateUnitOfWork(), lookup, clock).execute(
      new ResetPassword(token, password, async (userId) => void ended.push(userId)),
    );

  beforeEach(async () => {
    users = new InMemoryUserRepository();
    resets = new InMemoryPasswordResetRepository();
    changes = new InMemoryEmailChangeRepository();
    passwords = new PlainPasswordHasher();
    events = new InMemoryEventRecorder();
    ended = [];
    ann = aUser({ email: 'ann-of-green@gables.example' });
    await users.save(ann);
  });

  it('is asked for with the same work for every address', async () => {
    for (const email of [' ANN-of-Green@gables.example', 'nobody@example.com', 'no address at all']) await request(email);
    expect(events.recorded).toEqual([
      PasswordResetRequested({ userId: ann.id }),
      PasswordResetRequested({ userId: null }),
      PasswordResetRequested({ userId: null }),
    ]);
  });

  it('is replaced by the token of the link, once, which proves the address as well', async () => {
    const { token, email } = await issue();
    expect([token, email]).toEqual([expect.stringMatching(/^[\w-]{43}$/), ann.email]);
    await reset(token);
    const user = (await users.findById(ann.id))!;
    expect(await passwords.verify(PASSWORD, user.passwordHash)).toBe(true);
    expect(user).toMatchObject({ emailVerifiedAt: NOW, passwordChangedAt: NOW });
    expect(ended).toEqual([ann.id]);
    expect(users.events.map(({ type }) => type)).toEqual(['user.registered', 'user.password_reset', 'user.email_verified']);
    await expect(reset(token)).rejects.toThrow(ResetFailed);
  });

  it('takes only the newest token', async () => {
    const old = await issue();
    const { token } = await issue();
    await expect(reset(old.token)).rejects.toThrow(ResetFailed);
    await expect(reset(token)).resolves.toBeUndefined();
  });

  it('keeps the token when the new password is refused, and hashes nothing for a wrong token', async () => {
    const { token } = await issue();
    for (const password of ['passwordpassword', 'Ann-of-Green']) await expect(reset(token, password)).rejects.toThrow(InvalidField);
    await expect(reset('wrong')).rejects.toThrow(ResetFailed);
    expect([passwords.work, ended]).toEqual([0, []]);
    await expect(reset(token)).resolves.toBeUndefined();
  });

  it('ends a change of address that somebody else may have begun', async () => {
    await changes.save(anEmailChange(ann.id));
    await reset((await issue()).token);
    expect(await changes.findByUser(ann.id)).toMatchObject({ endedAt: NOW });
  });

  it('issues nothing to who is gone', async () => {
    expect(await issue('user_unknown')).toBeNull();
  });
});
