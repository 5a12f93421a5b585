import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { defineSettings } from '../platform/settings/settings';
import { loadConfig, loadDatabaseUrl } from './env';

const ecKey = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
const key = () => randomBytes(32).toString('base64');
const MARK = 'do-not-print-me';

const GOOD = {
  PUBLIC_URL: 'https://posthorn.example.com/',
  DATABASE_URL: `postgres://posthorn:${MARK}@db/posthorn`,
  REDIS_URL: `redis://:${MARK}@redis:6379`,
  TOKEN_KEYS: `k1:${ecKey('P-256')}`,
  ENCRYPTION_KEYS: `k1:${key()}`,
  LOOKUP_KEY: key(),
  SMTP_URL: `smtp://${MARK}:${MARK}@mail:25`,
};

/** The names in the message, and the message itself. */
function refusal(load: () => unknown): { names: string[]; message: string } {
  try {
    load();
  } catch (error) {
    const { message } = error as Error;
    return { names: [...message.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name!), message };
  }
  throw new Error('It was accepted.');
}
const refused = (changes: NodeJS.ProcessEnv) => refusal(() => loadConfig({ ...GOOD, ...changes }));

describe('the environment', () => {
  it('needs seven settings; all others have defaults for production', () => {
    expect(loadConfig(GOOD)).toMatchObject({
      production: true,
      embedded: false,
      logLevel: 'info',
      http: { port: 3000, publicUrl: 'https://posthorn.example.com' },
      metrics: { port: 9464 },
      delivery: { timeoutMs: 15_000, retrySchedule: [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000], allowedCidrs: [] },
      drainMs: 20_000,
    });
  });

  it('is refused with every name at once', () => {
    expect(refusal(() => loadConfig({})).names.sort()).toEqual(Object.keys(GOOD).sort());
    expect(refusal(() => loadConfig({})).message).toContain('DATABASE_URL: is required');
    expect(refused({ PORT: '0', LOG_LEVEL: 'loud', DRAIN_SECONDS: 'x', PUBLIC_URL: 'ftp://x' }).names.sort()).toEqual([
      'DRAIN_SECONDS',
      'LOG_LEVEL',
      'PORT',
      'PUBLIC_URL',
    ]);
  });

  it('takes an empty value for none', () => {
    expect(refused({ LOOKUP_KEY: '' }).message).toContain('LOOKUP_KEY: is required');
    expect(loadConfig({ ...GOOD, PORT: '' }).http.port).toBe(3000);
  });

  const zeros = Buffer.alloc(32).toString('base64');
  it.each([
    ['TOKEN_KEYS', 'no id', ecKey('P-256')],
    ['TOKEN_KEYS', 'no key', 'k1:'],
    ['TOKEN_KEYS', 'nothing', ','],
    ['TOKEN_KEYS', 'a key of another curve', `k1:${ecKey('P-384')}`],
    ['TOKEN_KEYS', 'random bytes', `k1:${key()}`],
    ['TOKEN_KEYS', 'the same id twice', `k1:${ecKey('P-256')},k1:${ecKey('P-256')}`],
    ['TOKEN_KEYS', 'a bad second key', `k1:${ecKey('P-256')},k2:x`],
    ['ENCRYPTION_KEYS', 'all bytes equal', `k1:${zeros}`],
    ['ENCRYPTION_KEYS', 'a short key', `k1:${randomBytes(16).toString('base64')}`],
    ['ENCRYPTION_KEYS', 'a long key', `k1:${randomBytes(64).toString('base64')}`],
    ['ENCRYPTION_KEYS', 'no base64', 'k1:!!!!'],
    ['ENCRYPTION_KEYS', 'an id with odd letters', `a b:${key()}`],
    ['LOOKUP_KEY', 'all bytes equal', zeros],
    ['LOOKUP_KEY', 'a short key', randomBytes(16).toString('base64')],
    ['LOOKUP_KEY', 'no base64', '!!!!'],
    ['DATABASE_URL', 'another scheme', 'mysql://db/posthorn'],
    ['REDIS_URL', 'no URL', 'redis'],
    ['REDIS_URL', 'several servers that are no cluster', `redis://:${MARK}@one:6379,redis://two:6379`],
    ['SMTP_URL', 'another scheme', 'http://mail'],
    ['NOTICE_CHAT_URL', 'another scheme', 'slack://services/secret'],
    ['DELIVERY_ALLOW_CIDRS', 'no network', '10.0.0.0/33'],
    ['DELIVERY_RETRY_SCHEDULE', 'no number', '5,soon'],
    ['EMBEDDED', 'neither true nor false', 'yes'],
    ['EMBEDDED', 'a production process', 'true'],
  ])('refuses %s with %s, and prints no value', (name, _what, value) => {
    const { names, message } = refused({ [name]: value });
    expect(names).toEqual([name]);
    for (const secret of [MARK, value, ...Object.values(GOOD)].filter((text) => text.length > 4)) expect(message).not.toContain(secret);
  });

  it('reads the nodes of a Redis Cluster', () => {
    const { redis } = loadConfig({ ...GOOD, REDIS_URL: 'redis://:a,b@one:6379, redis://two:6379', REDIS_CLUSTER: 'true' });
    expect(redis).toMatchObject({ urls: ['redis://:a,b@one:6379', 'redis://two:6379'], cluster: true });
  });

  it('reads several keys: the first is in use, all are understood', () => {
    const { keys } = loadConfig({ ...GOOD, ENCRYPTION_KEYS: `new:${key()}, old:${key()}` });
    expect(keys.encryption.map(({ id }) => id)).toEqual(['new', 'old']);
  });

  describe('with secrets in files', () => {
    let folder: string;
    const file = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'posthorn-env-'));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('reads every secret from NAME_FILE', () => {
      const { PUBLIC_URL, ...secrets } = GOOD;
      const files = Object.entries(secrets).map(([name, value]) => [`${name}_FILE`, file(name, `${value}\n`)]);
      expect(loadConfig({ PUBLIC_URL, ...(Object.fromEntries(files) as NodeJS.ProcessEnv) })).toEqual(loadConfig(GOOD));
    });

    it('refuses a file that cannot be read, and a value beside its file', () => {
      expect(refused({ LOOKUP_KEY: undefined, LOOKUP_KEY_FILE: join(folder, 'missing') }).names).toContain('LOOKUP_KEY_FILE');
      expect(refused({ LOOKUP_KEY_FILE: file('key', GOOD.LOOKUP_KEY) }).names).toEqual(['LOOKUP_KEY']);
    });

    it('leaves migrations with DATABASE_URL alone', () => {
      const { DATABASE_URL } = GOOD;
      expect(loadDatabaseUrl({ DATABASE_URL })).toBe(DATABASE_URL);
      expect(loadDatabaseUrl({ DATABASE_URL_FILE: file('url', DATABASE_URL), LOOKUP_KEY_FILE: '/missing' })).toBe(DATABASE_URL);
      expect(refusal(() => loadDatabaseUrl({})).names).toEqual(['DATABASE_URL']);
      expect(refusal(() => loadDatabaseUrl({ DATABASE_URL: `mysql://${MARK}` })).message).not.toContain(MARK);
    });
  });
});

describe('the settings of modules', () => {
  const settings = defineSettings({
    MODULE_LIMIT: z.coerce.number().int().min(1).default(10).meta({ description: 'Of a test.' }),
    MODULE_TOKEN: z.string().min(3).default('none').meta({ description: 'Of a test.', secret: true }),
  });

  it('are read with all others, and known by their token', () => {
    expect(loadConfig({ ...GOOD, MODULE_LIMIT: '7' }).settings.get(settings.token)).toEqual({ MODULE_LIMIT: 7, MODULE_TOKEN: 'none' });
  });

  it('are named with all others that are wrong, and their values are not', () => {
    const { names, message } = refused({ MODULE_LIMIT: MARK, PORT: '0' });
    expect(names.sort()).toEqual(['MODULE_LIMIT', 'PORT']);
    expect(message).not.toContain(MARK);
  });

  it('may be secrets in files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-env-'));
    writeFileSync(join(folder, 'token'), 'from a file\n');
    const config = loadConfig({ ...GOOD, MODULE_TOKEN_FILE: join(folder, 'token') });
    rmSync(folder, { recursive: true });
    expect(config.settings.get(settings.token)).toMatchObject({ MODULE_TOKEN: 'from a file' });
  });
});
