import { appEnvironment } from './app-environment';
import type { LocalSecrets } from './local-secrets';

const secrets: LocalSecrets = {
  tokenKeys: 't',
  encryptionKeys: 'e',
  lookupKey: 'l',
  databasePassword: 'd',
  redisPassword: 'r',
  demoPassword: 'p',
};
const ports = { apiMetrics: 3001, workerMetrics: 3002, smtp: 3003 };
const urls = { databaseUrl: 'postgres://127.0.0.1/posthorn', redisUrl: 'redis://127.0.0.1' };

const environmentFor = (inherited: NodeJS.ProcessEnv) => appEnvironment({ inherited, port: 3000, ports, secrets, ...urls });

describe('the environment of the local processes', () => {
  it('gives each process its own metrics port', () => {
    const { api, worker } = environmentFor({});
    expect([api['METRICS_PORT'], worker['METRICS_PORT']]).toEqual(['3001', '3002']);
  });

  it('hands on what the shell sets beside it', () => {
    expect(environmentFor({ LOG_LEVEL: 'debug', DELIVERY_RETRY_SCHEDULE: '1,2' }).worker).toMatchObject({
      LOG_LEVEL: 'debug',
      DELIVERY_RETRY_SCHEDULE: '1,2',
    });
  });

  it('is not led astray by a shell that is set up for production', () => {
    const { api } = environmentFor({ NODE_ENV: 'production', HOST: 'my-laptop', TOKEN_KEYS_FILE: '/run/secrets/token-keys' });
    expect(api).toMatchObject({ NODE_ENV: 'development', HOST: '127.0.0.1' });
    expect(api).not.toHaveProperty('TOKEN_KEYS_FILE');
  });
});
