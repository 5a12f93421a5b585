import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

type SigningKey = { readonly id: string; readonly privateKey: KeyObject };
type EncryptionKey = { readonly id: string; readonly key: Buffer };

export const port = z.coerce.number().int().min(1).max(65_535);
export const positive = z.coerce.number().int().min(1);
export const natural = z.coerce.number().int().min(0);
/** The others ask the same of all that they are given: `values` says what in the reference. */
export const url = (...schemes: string[]) =>
  z
    .url({ protocol: new RegExp(`^(${schemes.join('|')})$`) })
    .meta({ values: `URL, ${schemes.map((scheme) => `\`${scheme}://\``).join(' or ')}` });
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);
/** One, or several separated by commas; a comma may stand in a password as well. */
export const redisUrls = z
  .string()
  .transform((value) => value.split(/\s*,\s*(?=rediss?:\/\/)/))
  .refine(
    (urls) => urls.every((url) => z.url({ protocol: /^rediss?$/ }).safeParse(url).success),
    'must be a URL, or those of several nodes of a cluster',
  )
  .meta({ values: 'URL, `redis://` or `rediss://`' });
export const cidrs = list.pipe(z.array(z.union([z.cidrv4(), z.cidrv6()]))).meta({ values: 'CIDRs, separated by commas' });
/** 32 random bytes. Equal bytes are a placeholder that somebody forgot to replace, not a key. */
const isKey = (key: Buffer): boolean => key.length === 32 && new Set(key).size >= 8;
export const key32 = z
  .base64({ error: ({ input }) => (input === undefined ? undefined : 'must be 32 random bytes in base64') })
  .transform((value) => Buffer.from(value, 'base64'))
  .refine(isKey, 'must be 32 random bytes in base64')
  .meta({ values: '32 random bytes in base64' });

const keyRing = <T>(decode: (id: string, value: string) => T) =>
  list
    .transform((items, context): T[] => {
      const ids = new Set<string>();
      const keys: T[] = [];
      for (const item of items) {
        const [id = '', value = ''] = item.split(/:(.*)/s);
        try {
          if (!/^[\w-]{1,32}$/.test(id) || ids.has(id)) throw new Error('bad id');
          ids.add(id);
          keys.push(decode(id, value));
        } catch {
          context.addIssue({ code: 'custom', message: 'must be a list of id:key, each id once, each key valid' });
          return z.NEVER;
        }
      }
      if (keys.length === 0) context.addIssue({ code: 'custom', message: 'must hold at least one key' });
      return keys;
    })
    .meta({ values: '`id:key`, separated by commas' });

export const signingKeys = keyRing((id, value): SigningKey => {
  const privateKey = createPrivateKey({ key: Buffer.from(value, 'base64'), format: 'der', type: 'pkcs8' });
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('not a P-256 key');
  return { id, privateKey };
});

export const encryptionKeys = keyRing((id, value): EncryptionKey => {
  const key = Buffer.from(value, 'base64');
  if (!isKey(key)) throw new Error('not a key');
  return { id, key };
});

/** Providers speak TLS; one without it may be on this machine, for tests and development. */
const issuer = z
  .url({ protocol: /^https?$/ })
  .refine((url) => url.startsWith('https:') || ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname), 'must be https');

export const oidcProviders = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' });
      return z.NEVER;
    }
  })
  .pipe(
    z.array(
      z.strictObject({
        id: z.string().regex(/^[\w-]{1,32}$/),
        name: z.string().min(1).max(100),
        issuer,
        clientId: z.string().min(1),
        clientSecret: z.string().min(1),
        scopes: z.string().default('openid email profile'),
      }),
    ),
  )
  .refine((providers) => new Set(providers.map(({ id }) => id)).size === providers.length, 'must hold each id once')
  .meta({ values: 'a JSON list of `{"id", "name", "issuer", "clientId", "clientSecret", "scopes"}`' });
