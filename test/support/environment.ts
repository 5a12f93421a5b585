import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { keepOutOfLogs, logLevel } from './log-watch';

export type Environment = Readonly<Record<string, string>>;

/** Everything that an API or worker process needs, with keys of its own; silent unless logs are watched, and allowed to deliver to receivers on this machine. */
export function testEnvironment(changes: Environment): Environment {
  const signingKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' });
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: logLevel(),
    PUBLIC_URL: 'http://posthorn.test',
    REDIS_URL: process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379',
    QUEUE_PREFIX: `test-${randomBytes(6).toString('hex')}`,
    SMTP_URL: 'smtp://127.0.0.1:25',
    TOKEN_KEYS: `test:${signingKey.toString('base64')}`,
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    LOOKUP_KEY: randomBytes(32).toString('base64'),
    DELIVERY_ALLOW_CIDRS: '127.0.0.0/8,::1/128',
    ...changes,
  };
  for (const keys of [environment.TOKEN_KEYS, environment.ENCRYPTION_KEYS, environment.LOOKUP_KEY])
    for (const key of keys.split(',')) keepOutOfLogs(key.replace(/^[\w-]+:/, ''));
  for (const url of Object.values(environment)) if (/^\w+:\/\/[^/]*@/.test(url)) keepOutOfLogs(new URL(url).password);
  return environment;
}
