import { newId } from '../../../platform/ids/id';
import { aSession, NOW } from '../testing/builders';
import { Session } from './session';

const SECOND = 1_000;
const DAY = 86_400_000;
const after = (ms: number) => new Date(NOW.getTime() + ms);
const eventsOf = (session: Session) => session.pullEvents().map(({ type }) => type);

describe('Session', () => {
  let session: Session;
  beforeEach(() => {
    session = aSession('user_1');
    session.pullEvents();
  });

  it('tells that somebody signed in, and on which device, at a length that fits', () => {
    const opened = Session.open(newId('ses'), 'user_1', { userAgent: 'x'.repeat(5_000), address: '::1' }, Buffer.alloc(32), NOW);
    expect(opened.device).toEqual({ userAgent: 'x'.repeat(256), address: '::1' });
    expect(opened.pullEvents()).toEqual([{ type: 'auth.signed_in', payload: { sessionId: opened.id, userId: 'user_1' } }]);
  });

  it('rotates with the current token', () => {
    expect(session.refresh(1, NOW)).toBe('rotated');
    expect(session.refresh(2, after(SECOND))).toBe('rotated');
    expect(session.generation).toBe(3);
  });

  it('repeats its answer to the immediate predecessor for 10 seconds, and no longer', () => {
    session.refresh(1, NOW);
    expect(session.refresh(1, after(10 * SECOND))).toBe('repeated');
    expect(session.generation).toBe(2);
    expect(session.refresh(1, after(10 * SECOND + 1))).toBe('reused');
  });

  it.each([
    ['older than the predecessor', [1, 2], 1],
    ['never handed out yet', [1], 5],
  ])('ends when a token is presented that is %s, even at once', (_what, rotations, presented) => {
    for (const generation of rotations) session.refresh(generation, NOW);
    expect(session.refresh(presented, NOW)).toBe('reused');
    expect(session.revokedAt).toEqual(NOW);
    expect(eventsOf(session)).toEqual(['session.reuse_detected', 'session.revoked']);
    expect(session.refresh(session.generation, NOW)).toBe('ended');
  });

  it('ends after 14 days without use, and after 90 days whatever its use', () => {
    expect(session.refresh(1, after(14 * DAY - 1))).toBe('rotated');
    expect(session.refresh(2, after(28 * DAY - 1))).toBe('ended');

    const used = aSession();
    for (let day = 1; day < 90; day++) expect(used.refresh(day, after(day * DAY))).toBe('rotated');
    expect(used.expiresAt).toEqual(after(90 * DAY));
    expect(used.refresh(90, after(90 * DAY))).toBe('ended');
  });

  it('ends once', () => {
    session.end('signed_out', NOW);
    session.end('password_changed', after(SECOND));
    expect(session.revokedAt).toEqual(NOW);
    expect(session.pullEvents()).toEqual([
      { type: 'session.revoked', payload: { sessionId: session.id, userId: 'user_1', reason: 'signed_out' } },
    ]);
  });
});
