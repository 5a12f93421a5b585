import { createPublicKey, verify } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { ACCESS_TOKEN } from '../domain/token-format';
import { newSigningKey } from '../testing/forged-jwt';
import { tokenSignerContract } from '../testing/token-signer.contract';
import { JwtTokenSigner } from './jwt-token-signer';
import { SigningKeys } from './signing-keys';

const [current, previous] = [newSigningKey('2026-12'), newSigningKey('2026-11')];

describe('JwtTokenSigner', () => {
  const signer = new JwtTokenSigner(new JwtService(), new SigningKeys(settings([current, previous])));

  /** With nothing but node:crypto, as any other verifier would. */
  function read(token: string) {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const { alg, typ, kid } = decoded(header);
    expect([alg, kid]).toEqual(['ES256', '2026-12']);
    const key = { key: createPublicKey(current.privateKey), dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    return { type: typ, claims: decoded(payload) };
  }

  tokenSignerContract(() => signer, read);

  it('never signs the same token twice alike', () => {
    const token = { type: ACCESS_TOKEN, claims: {}, issuedAt: new Date(0), expiresAt: null } as const;
    expect(signer.sign(token)).not.toBe(signer.sign(token));
  });
});

describe('SigningKeys', () => {
  it('signs with the first and verifies with all', () => {
    const keys = new SigningKeys(settings([current, previous]));
    expect(keys.current.id).toBe('2026-12');
    expect(keys.publicKey('2026-11')?.type).toBe('public');
    expect(keys.publicKey('__proto__')).toBeNull();
  });
});

function settings(signing: { id: string; privateKey: typeof current.privateKey }[]) {
  return { keys: { signing, encryption: [], lookup: Buffer.alloc(0) } };
}

const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
