import { openTestStore, type TestStore } from '../../../../test/support/store';
import { EmailVerification } from '../domain/email-verification';
import { User } from '../domain/user';
import { UserNotFound } from '../domain/user.errors';
import { GetUser, GetUserHandler } from '../queries/get-user';
import { IsActiveUser, IsActiveUserHandler } from '../queries/is-active-user';
import { aUser, NOW } from '../testing/builders';
import { emailVerificationRepositoryContract } from '../testing/email-verification-repository.contract';
import { userRepositoryContract } from '../testing/user-repository.contract';
import { TypeOrmEmailVerificationRepository } from './typeorm-email-verification.repository';
import { TypeOrmUserRepository } from './typeorm-user.repository';

describe('users in PostgreSQL', () => {
  let db: TestStore;
  let users: TypeOrmUserRepository;

  beforeAll(async () => {
    db = await openTestStore(User, EmailVerification);
    users = new TypeOrmUserRepository(db.store);
  });
  afterAll(() => db.close());

  const saved = async (user = aUser()) => {
    await users.save(user);
    return user;
  };

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
        `SELECT (SELECT count(*) FROM user_account) AS rows, (SELECT count(*) FROM outbox_event WHERE type = 'user.registered') AS events`,
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
