import { resolve } from 'node:path';
import { StartupProblem } from './startup-problem';

export const PROJECT = resolve(__dirname, '..', '..');

export interface LocalSettings {
  readonly dataDirectory: string;
  readonly port: number;
  /** Given ones are used, and nothing is embedded in their place. */
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly logsToTerminal: boolean;
}

export function readLocalSettings(environment: NodeJS.ProcessEnv): LocalSettings {
  const given = (name: string): string | undefined => environment[name]?.trim() || undefined;
  return {
    dataDirectory: resolve(PROJECT, given('POSTHORN_DATA_DIR') ?? '.posthorn'),
    port: portOf(given('PORT') ?? '3000'),
    databaseUrl: given('DATABASE_URL'),
    redisUrl: given('REDIS_URL'),
    logsToTerminal: given('POSTHORN_LOGS') === 'stdout',
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new StartupProblem(`PORT must be a number from 1 to 65535; it is "${text}".`);
}
