import { openTestStore, type TestStore } from '../../../../test/support/store';
import { EmailChange } from '../domain/email-change';
import { EmailVerification } from '../domain/email-verification';
import { PasswordReset } from '../domain/password-reset';
import { User } from '../domain/user';
import { UserIdentity } from '../domain/user-identity';
import { UserNotFound } from '../domain/user.errors';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { emailHash } from '../domain/email-address';
import { FindUserByEmail, FindUserByEmailHandler } from '../queries/find-user-by-email';
import { GetUser, GetUserHandler } from '../queries/get-user';
import { GetUsers, GetUsersHandler } from '../queries/get-users';
import { HasUsersHandler } from '../queries/has-users';
import { IsActiveUser, IsActiveUserHandler } from '../queries/is-active-user';
import { aUser, NOW } from '../testing/builders';
import { emailChangeRepositoryContract } from '../testing/email-change-repository.contract';
import { emailVerificationRepositoryContract } from '../testing/email-verification-repository.contract';
import { passwordResetRepositoryContract } from '../testing/password-reset-repository.contract';
import { userRepositoryContract } from '../testing/user-repository.contract';
import { TypeOrmEmailChangeRepository } from './typeorm-email-change.repository';
import { TypeOrmSecondFactorRepository } from './typeorm-second-factor.repository';
import { SecondFactor } from '../domain/second-factor';
import { secondFactorRepositoryContract } from '../testing/second-factor-repository.contract';
import { TypeOrmEmailVerificationRepository } from './typeorm-email-verification.repository';
import { TypeOrmPasswordResetRepository } from './typeorm-password-reset.repository';
import { userIdentityRepositoryContract } from '../testing/user-identity-repository.contract';
import { TypeOrmUserIdentityRepository } from './typeorm-user-identity.repository';
import { TypeOrmUserRepository } from './typeorm-user.repository';

describe('users in PostgreSQL', () => {
  let db: TestStore;
  let users: TypeOrmUserRepository;

  beforeAll(async () => {
    db = await openTestStore(User, EmailVerification, PasswordReset, EmailChange, SecondFactor, UserIdentity);
    users = new TypeOrmUserRepository(db.store);
  });
  afterAll(() => db.close());

  const saved = async (user = aUser()) => {
    await users.save(user);
    return user;
  };

  describe('TypeOrmUserIdentityRepository', () => {
    userIdentityRepositoryContract(
      () => new TypeOrmUserIdentityRepository(db.store),
      async () => (await saved()).id,
    );
  });

  describe('TypeOrmUserRepository', () => {
    userRepositoryContract(() => users);

    it('writes the row and its event together, or neither', async () => {
      const user = aUser();
      const failing = db.uow.run(async () => {
        await users.save(user);
        throw new Error('a later step failed');
      });
      await expect(failing).rejects.toThrow('a later step failed');
      expect(await users.findById(user.id)).toBeNull();

      await saved();
      const [counts] = await db.sql.run<{ rows: string; events: string }>(
        `SELECT (SELECT count(*) FROM user_account) AS rows, (SELECT count(*) FROM outbox_event WHERE type = 'user.registered')
              - (SELECT count(*) FROM outbox_event WHERE type = 'user.erased') AS events`,
      );
      expect(counts!.rows).toBe(counts!.events);
    });

    it('leaves nothing to read in the database', async () => {
      const { id, name, email } = await saved(aUser({ name: 'Persephone', email: 'persephone.marker@example.com' }));
      const [row] = await db.sql.run<{ dump: string }>('SELECT u::text AS dump FROM user_account u WHERE id = $1', [id]);
      for (const secret of [name, email]) {
        expect(row!.dump).not.toContain(secret);
        expect(row!.dump).not.toContain(Buffer.from(secret).toString('hex'));
      }
    });
  });

  describe('TypeOrmEmailVerificationRepository', () => {
    emailVerificationRepositoryContract(
      () => new TypeOrmEmailVerificationRepository(db.store),
      async () => (await saved()).id,
    );
  });

  describe('TypeOrmPasswordResetRepository', () => {
    passwordResetRepositoryContract(() => new TypeOrmPasswordResetRepository(db.store), saved);
  });

  describe('TypeOrmEmailChangeRepository', () => {
    emailChangeRepositoryContract(
      () => new TypeOrmEmailChangeRepository(db.store),
      async () => (await saved()).id,
    );
  });

  describe('TypeOrmSecondFactorRepository', () => {
    secondFactorRepositoryContract(
      () => new TypeOrmSecondFactorRepository(db.store),
      async () => (await saved()).id,
    );
  });

  describe('GetUser', () => {
    const get = (id: string) => new GetUserHandler(db.sql, db.cipher).execute(new GetUser(id));

    it('shows what was stored', async () => {
      const { id, email } = await saved(aUser({ name: 'Жанна' }));
      expect(await get(id)).toEqual({ id, name: 'Жанна', email, emailVerified: false, createdAt: NOW });
    });

    it('refuses an unknown id', async () => {
      await expect(get('user_unknown')).rejects.toThrow(UserNotFound);
    });
  });

  it('GetUsers shows those that exist', async () => {
    const [one, two] = [await saved(aUser({ name: 'One' })), await saved(aUser({ name: 'Two' }))];
    const found = await new GetUsersHandler(db.sql, db.cipher).execute(new GetUsers([one.id, two.id, 'user_unknown']));
    expect(found.map(({ id, name }) => [id, name]).sort()).toEqual([
      [one.id, 'One'],
      [two.id, 'Two'],
    ]);
  });

  it('FindUserByEmail knows an address in any spelling, and no other', async () => {
    const lookup = new LookupHash(Buffer.alloc(32, 1));
    const find = (email: string) => new FindUserByEmailHandler(db.sql, lookup).execute(new FindUserByEmail(email));
    const { id, email, emailHash: stored } = await saved();
    expect(stored).toEqual(emailHash(lookup, email));
    expect(await find(` ${email.toUpperCase()}`)).toEqual({ id });
    expect(await find(`x${email}`)).toBeNull();
  });

  it('HasUsers counts those who have confirmed their address', async () => {
    const has = () => new HasUsersHandler(db.sql).execute();
    await db.sql.run('DELETE FROM user_account');
    const user = await saved();
    expect(await has()).toBe(false);
    user.verifyEmail(NOW);
    await users.save(user);
    expect(await has()).toBe(true);
  });

  describe('IsActiveUser', () => {
    const active = (id: string) => new IsActiveUserHandler(db.sql).execute(new IsActiveUser(id));

    it('is true of who exists and is verified', async () => {
      const user = await saved();
      expect(await active(user.id)).toBe(false);
      user.verifyEmail(NOW);
      await users.save(user);
      expect(await active(user.id)).toBe(true);
      expect(await active('user_unknown')).toBe(false);
    });
  });
});
