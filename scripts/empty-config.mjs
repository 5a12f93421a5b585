import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** An environment for programs that only look at the code: fresh keys, and addresses that nobody is asked at. */
export function emptyConfig() {
  const signingKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' });
  return {
    PUBLIC_URL: 'http://localhost',
    DATABASE_URL: 'postgres://localhost/none',
    REDIS_URL: 'redis://localhost',
    SMTP_URL: 'smtp://localhost',
    TOKEN_KEYS: `k:${signingKey.toString('base64')}`,
    ENCRYPTION_KEYS: `k:${randomBytes(32).toString('base64')}`,
    LOOKUP_KEY: randomBytes(32).toString('base64'),
  };
}
