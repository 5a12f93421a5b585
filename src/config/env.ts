import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { declaredSettings, secretsOf } from '../platform/settings/settings';
import { Env } from './variables';

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
  const shapes = declaredSettings().map(({ shape }) => shape);
  const { values, problems } = withSecretFiles(source, [Env.shape, ...shapes].flatMap(secretsOf));
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
