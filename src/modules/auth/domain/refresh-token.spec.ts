import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { aSession } from '../testing/builders';
import { isGenuine, readRefreshToken, refreshToken } from './refresh-token';

describe('refresh tokens', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const session = aSession();
  const token = refreshToken(session, 7, lookup);
  const genuine = (text: string, of = session) => {
    const presented = readRefreshToken(text);
    return presented !== null && isGenuine(presented, of, lookup);
  };

  it('say which they are, and can be computed again', () => {
    expect(readRefreshToken(token)).toMatchObject({ sessionId: session.id, generation: 7 });
    expect(genuine(token)).toBe(true);
    expect(refreshToken(session, 7, lookup)).toBe(token);
  });

  it('differ by session, generation, nonce and key', () => {
    const other = [
      refreshToken(session, 8, lookup),
      refreshToken(aSession(), 7, lookup),
      refreshToken({ id: session.id, nonce: Buffer.alloc(32) }, 7, lookup),
      refreshToken(session, 7, new LookupHash(Buffer.alloc(32, 2))),
    ];
    expect(new Set([token, ...other.map((text) => text.replace(/^phr_.*_\d+_/, ''))]).size).toBe(5);
  });

  it.each<[string, (text: string) => string]>([
    ['another generation', (text) => text.replace('_7_', '_8_')],
    ['a generation spelled otherwise', (text) => text.replace('_7_', '_07_').slice(0, -1)],
    [
      'another last character, which some decoders ignore',
      (text) => text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1),
    ],
    ['padding', (text) => `${text}=`],
    ['a line end', (text) => `${text}\n`],
    ['no mac', (text) => text.slice(0, -43)],
    ['the session alone', () => session.id],
    ['nothing', () => ''],
    ['a JWT', () => 'a.b.c'],
    ['a generation beyond numbers', (text) => text.replace('_7_', `_${'9'.repeat(30)}_`)],
  ])('are refused with %s', (_what, change) => {
    expect(genuine(change(token))).toBe(false);
  });

  it('of another session are refused', () => {
    expect(genuine(token.replace(session.id, aSession().id), aSession())).toBe(false);
  });
});
