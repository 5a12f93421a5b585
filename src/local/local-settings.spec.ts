import { join } from 'node:path';
import { PROJECT, readLocalSettings } from './local-settings';

describe('the settings of npm start', () => {
  it('are few and have defaults', () => {
    expect(readLocalSettings({ DATABASE_URL: '' })).toEqual({
      dataDirectory: join(PROJECT, '.posthorn'),
      port: 3000,
      databaseUrl: undefined,
      redisUrl: undefined,
      logsToTerminal: false,
    });
  });

  it('take the data directory as it is given', () => {
    expect(readLocalSettings({ POSTHORN_DATA_DIR: '/srv/posthorn' }).dataDirectory).toBe('/srv/posthorn');
  });

  it.each(['0', '65536', 'http', '30.5'])('refuse the port %s', (PORT) => {
    expect(() => readLocalSettings({ PORT })).toThrow(`PORT must be a number from 1 to 65535; it is "${PORT}".`);
  });
});
