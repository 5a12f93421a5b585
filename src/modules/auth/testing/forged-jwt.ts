import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Tokens that our signer would never make. */
export function forgedJwt(header: unknown, payload: unknown, signature: (signed: string) => Buffer): string {
  const signed = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${signature(signed).toString('base64url')}`;
}

export const byKey = (key: KeyObject) => (signed: string) => sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
export const bySecret = (secret: Buffer | string) => (signed: string) => createHmac('sha256', secret).update(signed).digest();
export const byNobody = () => Buffer.alloc(0);

export const newSigningKey = (id: string) => ({ id, privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey });
