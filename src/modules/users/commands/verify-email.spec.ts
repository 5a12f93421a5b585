import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import type { User } from '../domain/user';
import { UserNotFound, VerificationFailed } from '../domain/user.errors';
import { aUser, NOW } from '../testing/builders';
import { InMemoryEmailVerificationRepository } from '../testing/in-memory-email-verification.repository';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { type IssuedEmailVerification, IssueEmailVerification, IssueEmailVerificationHandler } from './issue-email-verification';
import { type EmailProof, VerifyEmail, VerifyEmailHandler } from './verify-email';

describe('VerifyEmail', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const clock = new FixedClock(NOW);
  let users: InMemoryUserRepository;
  let verifications: InMemoryEmailVerificationRepository;
  let ann: User;

  const issue = (userId = ann.id) =>
    new IssueEmailVerificationHandler(users, verifications, lookup, clock).execute(
      new IssueEmailVerification(userId),
    ) as Promise<IssuedEmailVerification>;
  const verify = (proof: EmailProof) =>
    new VerifyEmailHandler(users, verifications, new ImmediateUnitOfWork(), lookup, clock).execute(new VerifyEmail(proof));
  const wrong = (code: string) => (code === '000000' ? '000001' : '000000');

  beforeEach(async () => {
    users = new InMemoryUserRepository();
    verifications = new InMemoryEmailVerificationRepository();
    ann = aUser({ email: 'ann@example.com' });
    await users.save(ann);
  });

  it('takes the token of the link, once', async () => {
    const { token } = await issue();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await verify({ token })).toEqual({ userId: ann.id });
    expect((await users.findById(ann.id))?.emailVerifiedAt).toEqual(NOW);
    await expect(verify({ token })).rejects.toThrow(VerificationFailed);
    expect(users.events.map(({ type }) => type)).toEqual(['user.registered', 'user.email_verified']);
  });

  it('takes the code with any spelling of the address', async () => {
    const { code } = await issue();
    expect(code).toMatch(/^\d{6}$/);
    expect(await verify({ email: 'ANN@example.com ', code })).toEqual({ userId: ann.id });
  });

  it('takes only the newest token and code', async () => {
    const old = await issue();
    const { token } = await issue();
    await expect(verify({ token: old.token })).rejects.toThrow(VerificationFailed);
    await expect(verify({ token })).resolves.toEqual({ userId: ann.id });
  });

  it('refuses a link that was issued before somebody registered the address again', async () => {
    const { token } = await issue();
    const user = await users.findById(ann.id);
    user!.registerAgain({ name: 'Mallory', passwordHash: 'chosen by somebody else' }, new Date(NOW.getTime() + 1));
    await users.save(user!);
    await expect(verify({ token })).rejects.toThrow(VerificationFailed);
    expect(await verify({ token: (await issue()).token })).toEqual({ userId: ann.id });
  });

  it('refuses the right code after five wrong ones, but not the link', async () => {
    const { email, code, token } = await issue();
    for (let i = 0; i < 5; i++) await expect(verify({ email, code: wrong(code) })).rejects.toThrow(VerificationFailed);
    await expect(verify({ email, code })).rejects.toThrow(VerificationFailed);
    await expect(verify({ token })).resolves.toEqual({ userId: ann.id });
  });

  it('counts guesses that are sent side by side', async () => {
    const { email, code } = await issue();
    const guesses = await Promise.allSettled([
      ...Array.from({ length: 50 }, () => verify({ email, code: wrong(code) })),
      verify({ email, code }),
    ]);
    expect(guesses.every(({ status }) => status === 'rejected')).toBe(true);
  });

  it.each<EmailProof>([{ token: '' }, { token: 'x'.repeat(43) }, { email: 'nobody@example.com', code: '123456' }, { email: '', code: '' }])(
    'refuses %j',
    async (proof) => {
      await issue();
      await expect(verify(proof)).rejects.toThrow(VerificationFailed);
    },
  );

  it("refuses another user's code", async () => {
    const bob = aUser({ email: 'bob@example.com' });
    await users.save(bob);
    await issue();
    const { code } = await issue(bob.id);
    const outcome = await verify({ email: 'ann@example.com', code }).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(VerificationFailed);
  });

  it('stores neither the token nor the code', async () => {
    const { token, code } = await issue();
    const row = JSON.stringify(await verifications.findByUser(ann.id));
    expect(row).not.toContain(token);
    expect(row).not.toContain(code);
  });

  it('issues nothing for an address that is verified, and for nobody', async () => {
    const { token } = await issue();
    await verify({ token });
    expect(await issue()).toBeNull();
    await expect(issue('user_unknown')).rejects.toThrow(UserNotFound);
  });
});
