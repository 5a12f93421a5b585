import type { LocalSecrets } from './local-secrets';

const HOST = '127.0.0.1';

export interface Ports {
  readonly apiMetrics: number;
  readonly workerMetrics: number;
  readonly smtp: number;
}

export interface AppEnvironmentOptions {
  readonly inherited: NodeJS.ProcessEnv;
  readonly port: number;
  readonly ports: Ports;
  readonly secrets: LocalSecrets;
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

export const baseUrlOf = (port: number): string => `http://${HOST}:${port}`;

/** The settings of the application's processes; what they do not name is left to the environment of `npm start`. */
export function appEnvironment(options: AppEnvironmentOptions): Record<'api' | 'worker', NodeJS.ProcessEnv> {
  const { port, ports, secrets } = options;
  const settings = {
    NODE_ENV: 'development',
    EMBEDDED: 'true',
    HOST,
    PORT: String(port),
    METRICS_HOST: HOST,
    PUBLIC_URL: baseUrlOf(port),
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl,
    TOKEN_KEYS: secrets.tokenKeys,
    ENCRYPTION_KEYS: secrets.encryptionKeys,
    LOOKUP_KEY: secrets.lookupKey,
    SMTP_URL: `smtp://${HOST}:${ports.smtp}`,
    DEV_SMTP_PORT: String(ports.smtp),
    DELIVERY_ALLOW_CIDRS: '127.0.0.0/8,::1/128',
    DRAIN_SECONDS: '5',
  };
  const shared = { ...withoutFilesOf(Object.keys(settings), options.inherited), ...settings };
  return {
    api: { ...shared, METRICS_PORT: String(ports.apiMetrics) },
    worker: { ...shared, METRICS_PORT: String(ports.workerMetrics) },
  };
}

/** A NAME_FILE left in the shell would contradict the NAME set here. */
function withoutFilesOf(names: readonly string[], environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const files = new Set(names.map((name) => `${name}_FILE`));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !files.has(name)));
}
