import { ACCESS_TOKEN, API_KEY } from '../domain/token-format';
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
}
