import { openTestStore, type TestStore } from '../../../../test/support/store';
import type { PageRequest } from '../../../platform/http/list-page';
import { newId } from '../../../platform/ids/id';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { EndSessions, EndSessionsHandler } from '../commands/end-sessions';
import { Session } from '../domain/session';
import { IsOpenSession, IsOpenSessionHandler } from '../queries/is-open-session';
import { ListSessions, ListSessionsHandler } from '../queries/list-sessions';
import { aSession, NOW } from '../testing/builders';
import { sessionRepositoryContract } from '../testing/session-repository.contract';
import { TypeOrmSessionRepository } from './typeorm-session.repository';

describe('sessions in PostgreSQL', () => {
  let db: TestStore;
  let sessions: TypeOrmSessionRepository;

  beforeAll(async () => {
    db = await openTestStore(Session);
    sessions = new TypeOrmSessionRepository(db.store);
  });
  afterAll(() => db.close());

  const saved = async (userId = newId('user'), now = new Date()) => {
    const session = aSession(userId, now);
    await sessions.save(session);
    return session;
  };

  describe('TypeOrmSessionRepository', () => {
    sessionRepositoryContract(
      () => sessions,
      () => db.uow,
    );

    it('shows the database nothing of the device', async () => {
      const { id } = await saved();
      const [row] = await db.sql.run<{ text: string }>(
        `SELECT session::text || encode(device, 'escape') AS text FROM session WHERE id = $1`,
        [id],
      );
      expect(row!.text).not.toMatch(/Firefox|203\.0\.113/);
    });
  });

  it('end together while one of them is being refreshed: none survives', async () => {
    const session = await saved();
    const refreshed = await sessions.find(session.id);
    refreshed!.refresh(1, new Date());
    const end = new EndSessionsHandler(sessions, db.uow, new FixedClock(NOW));
    await Promise.allSettled([sessions.save(refreshed!), end.execute(new EndSessions(session.userId, null, 'password_changed'))]);
    expect(await sessions.find(session.id)).toMatchObject({ revokedAt: NOW });
  });

  describe('IsOpenSession', () => {
    const isOpen = ({ id, userId }: Pick<Session, 'id' | 'userId'>) =>
      new IsOpenSessionHandler(db.sql).execute(new IsOpenSession(id, userId));

    it('is true for its own person until it ends or expires', async () => {
      const session = await saved();
      expect(await isOpen(session)).toBe(true);
      expect(await isOpen({ id: session.id, userId: 'user_2' })).toBe(false);
      expect(await isOpen({ id: 'ses_unknown', userId: session.userId })).toBe(false);
      session.end('signed_out', new Date());
      await sessions.save(session);
      expect(await isOpen(session)).toBe(false);
      expect(await isOpen(await saved(newId('user'), new Date(Date.now() - 15 * 86_400_000)))).toBe(false);
    });
  });

  describe('ListSessions', () => {
    const list = (userId: string, currentId: string | null, page: Partial<PageRequest> = {}) =>
      new ListSessionsHandler(db.sql, db.cipher).execute(
        new ListSessions(userId, currentId, { limit: 50, iterator: null, order: 'descending', ...page }),
      );

    it('shows the open sessions of one person, newest first, and marks the one that asks', async () => {
      const first = await saved();
      const second = await saved(first.userId);
      const ended = await saved(first.userId);
      ended.end('signed_out', new Date());
      await sessions.save(ended);
      await saved();
      await saved(first.userId, new Date(Date.now() - 15 * 86_400_000));

      const { data } = await list(first.userId, first.id);
      const shown = ({ id, createdAt, refreshedAt, expiresAt }: Session) => ({
        id,
        userAgent: 'Firefox 🦊',
        address: '203.0.113.7',
        createdAt,
        refreshedAt,
        expiresAt,
      });
      expect(data).toEqual([
        { ...shown(second), current: false },
        { ...shown(first), current: true },
      ]);
    });

    it('goes on where a page ended', async () => {
      const { userId, id } = await saved();
      await saved(userId);
      const first = await list(userId, null, { limit: 1 });
      const second = await list(userId, null, { limit: 1, iterator: first.iterator });
      expect([first.done, second.done, second.data[0]!.id]).toEqual([false, true, id]);
    });
  });
});
