import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import { emailHash } from '../domain/email-address';
import { EmailNotVerifiedElsewhere, NoAccount } from '../domain/user.errors';
import { aUser, NOW } from '../testing/builders';
import { InMemoryUserIdentityRepository } from '../testing/in-memory-user-identity.repository';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { type Identity, SignInWithIdentity, SignInWithIdentityHandler } from './sign-in-with-identity';

const ANN: Identity = { issuer: 'https://id.example', subject: '42', email: 'Ann@example.com', emailVerified: true, name: 'Ann' };

describe('SignInWithIdentity', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  let users: InMemoryUserRepository;
  let identities: InMemoryUserIdentityRepository;
  const signIn = (changes: Partial<Identity> = {}, welcome = true) =>
    new SignInWithIdentityHandler(users, identities, new ImmediateUnitOfWork(), lookup, new FixedClock(NOW)).execute(
      new SignInWithIdentity({ ...ANN, ...changes }, welcome),
    );
  const ann = () => users.findByEmailHash(emailHash(lookup, 'ann@example.com'));

  beforeEach(() => {
    users = new InMemoryUserRepository();
    identities = new InMemoryUserIdentityRepository();
  });

  it('makes an account without a password, verified, and finds it again whatever the address is then', async () => {
    const { userId } = await signIn();
    expect(await ann()).toMatchObject({ id: userId, name: 'Ann', email: 'ann@example.com', passwordHash: null, emailVerifiedAt: NOW });
    expect(await signIn({ email: 'other@example.com', emailVerified: false }, false)).toEqual({ userId });
    expect(identities.events).toEqual([{ type: 'user.identity_linked', payload: { userId } }]);
  });

  it('finds the account of a verified address, and leaves its password', async () => {
    const known = aUser({ email: 'ann@example.com' });
    known.verifyEmail(NOW);
    await users.save(known);
    expect(await signIn({}, false)).toEqual({ userId: known.id });
    expect(await ann()).toMatchObject({ passwordHash: 'a hash' });
  });

  it('drops the password of who registered the address without proving it', async () => {
    const squatter = aUser({ email: 'ann@example.com' });
    await users.save(squatter);
    expect(await signIn()).toEqual({ userId: squatter.id });
    expect(await ann()).toMatchObject({ passwordHash: null, emailVerifiedAt: NOW });
  });

  it.each<[string, Partial<Identity>]>([
    ['an address that the provider did not verify', { emailVerified: false }],
    ['no address', { email: null }],
    ['an address that is none', { email: 'ann' }],
  ])('refuses %s', async (_what, changes) => {
    await expect(signIn(changes)).rejects.toThrow(EmailNotVerifiedElsewhere);
  });

  it('makes no account for who is not welcome', async () => {
    await expect(signIn({}, false)).rejects.toThrow(NoAccount);
    expect(await ann()).toBeNull();
  });

  it('tells issuers apart', async () => {
    const { userId } = await signIn();
    expect(await signIn({ issuer: 'https://other.example', email: 'eve@example.com' })).not.toEqual({ userId });
  });

  it.each([
    [null, 'ann@example.com'],
    [' \u0000\ud800 ', 'ann@example.com'],
    ['x'.repeat(300), 'x'.repeat(100)],
  ])('calls who is named %j %s', async (name, expected) => {
    await signIn({ name });
    expect(await ann()).toMatchObject({ name: expected });
  });
});
