import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueryResultRow } from 'pg';
import { request } from 'undici';
import { openTestDatabase } from '../../test/support/database';
import { type Environment, testEnvironment } from '../../test/support/environment';
import { startProcess } from '../../test/support/processes';
import { startMailServer } from '../../test/support/smtp';
import { runSql } from './run-sql';

export type Posthorn = Awaited<ReturnType<typeof startPosthorn>>;
export type ProcessOptions = {
  readonly nodeArguments?: readonly string[];
  /** Database whose copy it starts with. */
  readonly template?: string;
};

/** One API and its workers as processes, as in production, on a database of their own. */
export async function startPosthorn(
  changes: Environment = {},
  { workers: count = 1, nodeArguments = [], template }: ProcessOptions & { readonly workers?: number } = {},
) {
  const [database, mail] = await Promise.all([openTestDatabase(template), startMailServer()]);
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  const environment = testEnvironment({
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    DATABASE_URL: database.url,
    SMTP_URL: mail.url,
    // Each caller shows an address of its own: the slowing down of guesses is not what is measured.
    TRUSTED_PROXIES: '127.0.0.0/8',
    API_RATE_LIMIT: '0',
    ...changes,
  });
  const start = (entry: 'main' | 'worker') => startProcess(entry, environment, { nodeArguments, logFile: join(folder, `${entry}.log`) });
  const workers: Awaited<ReturnType<typeof start>>[] = [];
  const startWorkers = async (more: number) =>
    void workers.push(...(await Promise.all(Array.from({ length: more }, () => start('worker')))));
  const [api] = await Promise.all([start('main'), startWorkers(count)]);
  const stopWorkers = async () => void (await Promise.all(workers.splice(0).map((worker) => worker.stop())));
  const stop = async () => {
    await Promise.all([api.stop(), stopWorkers()]);
    await Promise.all([database.drop(), mail.stop()]);
    rmSync(folder, { recursive: true });
  };
  let stopped: Promise<void> | undefined;
  let callers = 0;
  return {
    url: `${api.url}/api/v1`,
    mail,
    databaseUrl: database.url,
    api,
    workers,
    startWorkers,
    stopWorkers,
    /** One POST by a caller that nobody saw before. @returns the status, and how long it took in ms */
    async post(path: string, body: object, headers: Readonly<Record<string, string>> = {}) {
      const n = ++callers;
      const from = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
      const start = performance.now();
      const reply = await request(`${api.url}/api/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from, ...headers },
        body: JSON.stringify(body),
      });
      const text = await reply.body.text();
      return {
        status: reply.statusCode,
        ms: performance.now() - start,
        body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
      };
    },
    sql: <Row extends QueryResultRow>(text: string): Promise<Row[]> => runSql<Row>(database.url, text),
    /** Once, however often it is asked. */
    stop: () => (stopped ??= stop()),
  };
}

export const person = (n: number) => ({ email: `person${n}@example.com`, password: `a rather long password ${n}`, name: 'Ann' });
