import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { LOG_LEVELS } from '../platform/logging/log-levels';
import { declaredSettings, secretSettings } from '../platform/settings/settings';

const SECRETS = [
  'DATABASE_URL',
  'REDIS_URL',
  'TOKEN_KEYS',
  'ENCRYPTION_KEYS',
  'LOOKUP_KEY',
  'SMTP_URL',
  'NOTICE_CHAT_URL',
  'OIDC_PROVIDERS',
] as const;

export type SigningKey = { readonly id: string; readonly privateKey: KeyObject };
type EncryptionKey = { readonly id: string; readonly key: Buffer };

const port = z.coerce.number().int().min(1).max(65_535);
const positive = z.coerce.number().int().min(1);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);
/** One, or several separated by commas; a comma may stand in a password as well. */
const redisUrls = z
  .string()
  .transform((value) => value.split(/\s*,\s*(?=rediss?:\/\/)/))
  .refine(
    (urls) => urls.every((url) => z.url({ protocol: /^rediss?$/ }).safeParse(url).success),
    'must be a URL, or those of several nodes of a cluster',
  );
const cidrs = list.pipe(z.array(z.union([z.cidrv4(), z.cidrv6()])));
/** 32 random bytes. Equal bytes are a placeholder that somebody forgot to replace, not a key. */
const isKey = (key: Buffer): boolean => key.length === 32 && new Set(key).size >= 8;
const key32 = z
  .base64({ error: ({ input }) => (input === undefined ? undefined : 'must be 32 random bytes in base64') })
  .transform((value) => Buffer.from(value, 'base64'))
  .refine(isKey, 'must be 32 random bytes in base64');

/** `id:value,id:value`, at least one, each id once. */
const keyRing = <T>(decode: (id: string, value: string) => T) =>
  list.transform((items, context): T[] => {
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
  });

const signingKeys = keyRing((id, value): SigningKey => {
  const privateKey = createPrivateKey({ key: Buffer.from(value, 'base64'), format: 'der', type: 'pkcs8' });
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('not a P-256 key');
  return { id, privateKey };
});

const encryptionKeys = keyRing((id, value): EncryptionKey => {
  const key = Buffer.from(value, 'base64');
  if (!isKey(key)) throw new Error('not a key');
  return { id, key };
});

/** Providers speak TLS; one without it may be on this machine, for tests and development. */
const issuer = z
  .url({ protocol: /^https?$/ })
  .refine((url) => url.startsWith('https:') || ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname), 'must be https');

const oidcProviders = z
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
  .refine((providers) => new Set(providers.map(({ id }) => id)).size === providers.length, 'must hold each id once');

/**
 * Every variable that Posthorn reads. `.env.example` is held against it by test/arch/env-example.arch-spec.ts. Modules that others
 * add declare theirs with `defineSettings`.
 */
export const Env = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  HOST: z.string().default('0.0.0.0'),
  PORT: port.default(3000),
  METRICS_HOST: z.string().default('0.0.0.0'),
  METRICS_PORT: port.default(9464),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_SIZE: positive.default(10),
  REDIS_URL: redisUrls,
  REDIS_CLUSTER: flag.default(false),
  QUEUE_PREFIX: z
    .string()
    .regex(/^[\w-]+$/)
    .default('posthorn'),
  TOKEN_KEYS: signingKeys,
  ENCRYPTION_KEYS: encryptionKeys,
  LOOKUP_KEY: key32,
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  MAIL_FROM: z.string().default('Posthorn <posthorn@localhost>'),
  NOTICE_CHAT_URL: z.url({ protocol: /^https?$/ }).optional(),
  REGISTRATION: z.enum(['open', 'invite', 'closed']).default('open'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  MAX_BODY_BYTES: positive.default(1_048_576),
  OIDC_PROVIDERS: oidcProviders.default([]),
  TRUSTED_PROXIES: cidrs.default([]),
  API_RATE_LIMIT: z.coerce.number().int().min(0).default(2_000),
  DELIVERY_TIMEOUT_MS: positive.default(15_000),
  DELIVERY_RETRY_SCHEDULE: list
    .pipe(z.array(z.coerce.number<string>().int().min(0).max(604_800)).min(1).max(30))
    .default([5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]),
  DELIVERY_MAX_IN_FLIGHT: positive.default(128),
  DELIVERY_ENDPOINT_MAX_IN_FLIGHT: positive.default(10),
  DELIVERY_DISABLE_AFTER_SECONDS: z.coerce.number().int().min(0).max(31_536_000).default(432_000),
  DELIVERY_ORGANIZATION_MAX_IN_FLIGHT: positive.default(100),
  DELIVERY_MAX_IN_FLIGHT_BYTES: positive.default(33_554_432),
  DELIVERY_ALLOW_CIDRS: cidrs.default([]),
  ENDPOINT_CHALLENGE: z.enum(['optional', 'required']).default('optional'),
  ORGANIZATION_GRACE_DAYS: z.coerce.number().int().min(0).max(365).default(7),
  RETENTION_DAYS: z.coerce.number().int().min(0).max(3_650).default(90),
  RETENTION_PAYLOAD_DAYS: z.coerce.number().int().min(0).max(3_650).default(30),
  RETENTION_EVENT_DAYS: z.coerce.number().int().min(0).max(3_650).default(30),
  RETENTION_AUDIT_DAYS: z.coerce.number().int().min(0).max(36_500).default(400),
  OPERATOR_ORGANIZATION: z
    .string()
    .regex(/^org_\w+$/)
    .optional(),
  QUEUES_HOST: z.string().default('127.0.0.1'),
  QUEUES_PORT: port.default(9470),
  DRAIN_SECONDS: positive.max(300).default(20),
  // Those of the OpenTelemetry specification; what is not in the configuration, its SDK reads itself.
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.enum(['http/protobuf', 'http/json']).default('http/protobuf'),
  OTEL_SERVICE_NAME: z.string().default('posthorn'),
  OTEL_RESOURCE_ATTRIBUTES: z.string().optional(),
  OTEL_TRACES_SAMPLER: z
    .enum(['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'])
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_BSP_SCHEDULE_DELAY: positive.default(5_000),
  OTEL_SDK_DISABLED: flag.default(false),
  EMBEDDED: flag.default(false),
  DEV_SMTP_PORT: port.optional(),
});

export type Config = ReturnType<typeof group> & {
  /** Values of the settings that modules declare, by their tokens. */
  readonly settings: ReadonlyMap<symbol, object>;
};

/** Dependency injection token of the configuration. */
export const CONFIG = Symbol('CONFIG');

/**
 * Reads the environment once, at boot. Throws one error that names every bad variable, and no value.
 * `NAME_FILE` is read in place of `NAME` for secrets, so that orchestrators can mount them.
 */
export function loadConfig(source: NodeJS.ProcessEnv = process.env): Config {
  const { values, problems } = withSecretFiles(source, [...SECRETS, ...secretSettings()]);
  const parsed = Env.safeParse(values);
  const settings = new Map<symbol, object>();
  for (const { token, shape } of declaredSettings()) {
    const ofModule = z.object(shape).safeParse(values);
    if (ofModule.success) settings.set(token, ofModule.data);
    else problems.push(...described(ofModule.error));
  }
  if (!parsed.success) problems.push(...described(parsed.error));
  if (parsed.success && parsed.data.EMBEDDED && parsed.data.NODE_ENV === 'production') {
    problems.push('EMBEDDED: is for `npm start` only and not for production');
  }
  if (parsed.success && parsed.data.REDIS_URL.length > 1 && !parsed.data.REDIS_CLUSTER) {
    problems.push('REDIS_URL: several addresses are the nodes of a cluster, and need REDIS_CLUSTER=true');
  }
  if (!parsed.success || problems.length > 0) throw invalid(problems);
  return { ...group(parsed.data), settings };
}

/** For migrations, which need nothing else. */
export function loadDatabaseUrl(source: NodeJS.ProcessEnv = process.env): string {
  const { values, problems } = withSecretFiles(source, ['DATABASE_URL']);
  const parsed = Env.pick({ DATABASE_URL: true }).safeParse(values);
  if (!parsed.success) problems.push(...described(parsed.error));
  if (!parsed.success || problems.length > 0) throw invalid(problems);
  return parsed.data.DATABASE_URL;
}

/** For programs of others that this process starts: PATH, and what they read themselves. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env };
}

function withSecretFiles(source: NodeJS.ProcessEnv, secrets: readonly string[]) {
  const problems: string[] = [];
  const values: NodeJS.ProcessEnv = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  for (const name of secrets) {
    const file = values[`${name}_FILE`];
    if (file === undefined) continue;
    if (values[name] !== undefined) problems.push(`${name}: set either ${name} or ${name}_FILE, not both`);
    try {
      values[name] = readFileSync(file, 'utf8').trim();
    } catch {
      problems.push(`${name}_FILE: cannot be read`);
    }
  }
  return { values, problems };
}

function described({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => `${path.join('.')}: ${nameless(message)}`);
}

function invalid(problems: readonly string[]): Error {
  return new Error(`Invalid environment:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

/** zod says "expected string, received undefined" for a missing variable. */
function nameless(message: string): string {
  return message.includes('received undefined') ? 'is required' : message;
}

function group(env: z.output<typeof Env>) {
  return {
    production: env.NODE_ENV === 'production',
    embedded: env.EMBEDDED,
    devSmtpPort: env.DEV_SMTP_PORT,
    http: {
      host: env.HOST,
      port: env.PORT,
      publicUrl: env.PUBLIC_URL.replace(/\/+$/, ''),
      maxBodyBytes: env.MAX_BODY_BYTES,
      trustedProxies: env.TRUSTED_PROXIES,
      requestsPerSecond: env.API_RATE_LIMIT,
    },
    metrics: { host: env.METRICS_HOST, port: env.METRICS_PORT },
    database: { url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE },
    redis: { urls: env.REDIS_URL, cluster: env.REDIS_CLUSTER, prefix: env.QUEUE_PREFIX },
    keys: { signing: env.TOKEN_KEYS, encryption: env.ENCRYPTION_KEYS, lookup: env.LOOKUP_KEY },
    mail: { smtpUrl: env.SMTP_URL, from: env.MAIL_FROM },
    notices: { chatUrl: env.NOTICE_CHAT_URL ?? null },
    registration: env.REGISTRATION,
    oidcProviders: env.OIDC_PROVIDERS,
    logLevel: env.LOG_LEVEL,
    organizations: { graceDays: env.ORGANIZATION_GRACE_DAYS },
    retention: {
      days: env.RETENTION_DAYS,
      payloadDays: env.RETENTION_PAYLOAD_DAYS,
      eventDays: env.RETENTION_EVENT_DAYS,
      auditDays: env.RETENTION_AUDIT_DAYS,
    },
    queueBoard: { host: env.QUEUES_HOST, port: env.QUEUES_PORT, organizationId: env.OPERATOR_ORGANIZATION },
    drainMs: env.DRAIN_SECONDS * 1_000,
    tracing: {
      enabled: !env.OTEL_SDK_DISABLED && (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined,
      protocol: env.OTEL_EXPORTER_OTLP_PROTOCOL,
      sampler: env.OTEL_TRACES_SAMPLER,
      ratio: env.OTEL_TRACES_SAMPLER_ARG,
      exportDelayMs: env.OTEL_BSP_SCHEDULE_DELAY,
    },
    delivery: {
      timeoutMs: env.DELIVERY_TIMEOUT_MS,
      retrySchedule: env.DELIVERY_RETRY_SCHEDULE,
      maxInFlight: env.DELIVERY_MAX_IN_FLIGHT,
      endpointMaxInFlight: env.DELIVERY_ENDPOINT_MAX_IN_FLIGHT,
      disableAfterSeconds: env.DELIVERY_DISABLE_AFTER_SECONDS,
      organizationMaxInFlight: env.DELIVERY_ORGANIZATION_MAX_IN_FLIGHT,
      maxInFlightBytes: env.DELIVERY_MAX_IN_FLIGHT_BYTES,
      allowedCidrs: env.DELIVERY_ALLOW_CIDRS,
    },
    endpoints: { mustBeVerified: env.ENDPOINT_CHALLENGE === 'required' },
  } as const;
}
