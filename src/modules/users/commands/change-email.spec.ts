import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import { emailHash } from '../domain/email-address';
import type { EmailSide } from '../domain/email-change';
import type { User } from '../domain/user';
import { EmailChangeFailed } from '../domain/user.errors';
import { aUser, NOW } from '../testing/builders';
import { InMemoryEmailChangeRepository } from '../testing/in-memory-email-change.repository';
import { InMemoryUserRepository } from '../testing/in-memory-user.repository';
import { ConfirmEmailChange, ConfirmEmailChangeHandler } from './confirm-email-change';
import { IssueEmailChange, IssueEmailChangeHandler } from './issue-email-change';
import { RequestEmailChange, RequestEmailChangeHandler } from './request-email-change';

describe('a change of address', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const clock = new FixedClock(NOW);
  let users: InMemoryUserRepository;
  let changes: InMemoryEmailChangeRepository;
  let ann: User;
  let ended: string[];

  const request = (email: string) =>
    new RequestEmailChangeHandler(users, changes, lookup, clock).execute(new RequestEmailChange(ann.id, email));
  const issue = (side: EmailSide) => new IssueEmailChangeHandler(users, changes, lookup, clock).execute(new IssueEmailChange(ann.id, side));
  const tokenFor = async (side: EmailSide) => (await issue(side))!.token!;
  const confirm = (token: string) =>
    new ConfirmEmailChangeHandler(users, changes, new ImmediateUnitOfWork(), lookup, clock).execute(
      new ConfirmEmailChange(token, async (userId) => void ended.push(userId)),
    );

  beforeEach(async () => {
    users = new InMemoryUserRepository();
    changes = new InMemoryEmailChangeRepository();
    ended = [];
    ann = aUser({ email: 'ann@example.com' });
    await users.save(ann);
  });

  it('happens when both addresses have agreed, and ends sessions', async () => {
    await request(' Ann@New.Example');
    const [old, fresh] = [await issue('old'), await issue('new')];
    expect([old, fresh]).toMatchObject([
      { email: 'ann@example.com', name: 'Ann' },
      { email: 'ann@new.example', name: 'Ann' },
    ]);
    expect(await confirm(fresh!.token!)).toEqual({ confirmed: 'new', changed: false });
    expect(ended).toEqual([]);
    expect(await confirm(old!.token!)).toEqual({ confirmed: 'old', changed: true });
    expect(await users.findByEmailHash(emailHash(lookup, 'ann@new.example'))).toMatchObject({ id: ann.id, email: 'ann@new.example' });
    expect(ended).toEqual([ann.id]);
    expect(users.events.map(({ type }) => type)).toEqual(['user.registered', 'user.email_changed']);
    await expect(confirm(old!.token!)).rejects.toThrow(EmailChangeFailed);
  });

  it('needs another address', async () => {
    await expect(request('ANN@example.com')).rejects.toMatchObject({ loc: ['body', 'email'] });
    expect(await issue('old')).toBeNull();
  });

  it('to a taken address is told to its owner, and to nobody else', async () => {
    await users.save(aUser({ email: 'bob@example.com', name: 'Bob' }));
    await request('bob@example.com');
    expect(await issue('new')).toEqual({ email: 'bob@example.com', name: 'Bob', token: null });
    expect(await confirm(await tokenFor('old'))).toEqual({ confirmed: 'old', changed: false });
    expect((await users.findById(ann.id))!.email).toBe('ann@example.com');
  });

  it('fails without saying why when the address was taken meanwhile', async () => {
    await request('carol@example.com');
    const [old, fresh] = [await tokenFor('old'), await tokenFor('new')];
    await users.save(aUser({ email: 'carol@example.com' }));
    await confirm(old);
    await expect(confirm(fresh)).rejects.toThrow(EmailChangeFailed);
    expect(ended).toEqual([]);
  });

  it('takes only the newest link of each side, and none of an earlier request', async () => {
    await request('ann@new.example');
    const [old, older] = [await tokenFor('new'), await tokenFor('old')];
    await tokenFor('new');
    await expect(confirm(old)).rejects.toThrow(EmailChangeFailed);
    await request('ann@newer.example');
    await expect(confirm(older)).rejects.toThrow(EmailChangeFailed);
  });
});
