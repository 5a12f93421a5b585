import { ACCESS_TOKEN, API_KEY, type TokenType } from '../domain/token-format';
import type { TokenSigner } from '../domain/token-signer';

/** `read` opens a token as its verifier would: its type and its claims. */
export function tokenSignerContract(open: () => TokenSigner, read: (token: string) => unknown): void {
  const issuedAt = new Date('2026-12-01T10:00:00.900Z');

  it('says what it is, for whom it is, from when and until when', () => {
    const expiresAt = new Date('2026-12-01T10:10:00Z');
    const token = open().sign({ type: ACCESS_TOKEN, claims: { sub: 'user_1' }, issuedAt, expiresAt });
    expect(read(token)).toEqual({
      type: 'at+jwt',
      claims: { sub: 'user_1', iss: 'posthorn', aud: 'posthorn-api', iat: 1_796_119_200, exp: 1_796_119_800 },
    });
  });

  it('may be for ever', () => {
    const token = open().sign({ type: API_KEY, claims: { jti: 'key_1', env: 'live' }, issuedAt, expiresAt: null });
    expect(read(token)).toEqual({
      type: 'ak+jwt',
      claims: { jti: 'key_1', env: 'live', iss: 'posthorn', aud: 'posthorn-api', iat: 1_796_119_200 },
    });
  });

  describe('open', () => {
    const made = (type: TokenType, expiresAt: Date | null) =>
      open().sign({ type, claims: { sub: 'user_1' }, issuedAt: new Date(0), expiresAt });

    it('gives the claims of a token back', () => {
      expect(open().open(ACCESS_TOKEN, made(ACCESS_TOKEN, new Date('2199-01-01')))).toMatchObject({ sub: 'user_1', iss: 'posthorn' });
      expect(open().open(API_KEY, made(API_KEY, null))).toMatchObject({ sub: 'user_1' });
    });

    it('opens nothing of another type, nothing that expired, nothing that is no token', () => {
      expect(open().open(ACCESS_TOKEN, made(API_KEY, null))).toBeNull();
      expect(open().open(ACCESS_TOKEN, made(ACCESS_TOKEN, new Date('2001-01-01')))).toBeNull();
      expect(['', 'x', 'a.b.c', '..'].map((text) => open().open(ACCESS_TOKEN, text))).toEqual([null, null, null, null]);
    });
  });
}
