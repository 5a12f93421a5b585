import { request } from 'undici';
import { Client } from 'pg';
import { openTestDatabase } from '../../test/support/database';
import { type Environment, testEnvironment } from '../../test/support/environment';
import { startProcess } from '../../test/support/processes';
import { startMailServer } from '../../test/support/smtp';

export type Posthorn = Awaited<ReturnType<typeof startPosthorn>>;

/** One API and one worker as processes, on a database of their own. */
export async function startPosthorn(changes: Environment = {}) {
  const [database, mail] = await Promise.all([openTestDatabase(), startMailServer()]);
  const environment = testEnvironment({
    DATABASE_URL: database.url,
    SMTP_URL: mail.url,
    // Each caller shows an address of its own: the slowing down of guesses is not what is measured.
    TRUSTED_PROXIES: '127.0.0.0/8',
    API_RATE_LIMIT: '0',
    ...changes,
  });
  const [api, worker] = await Promise.all([startProcess('main', environment), startProcess('worker', environment)]);
  let callers = 0;
  return {
    url: `${api.url}/api/v1`,
    mail,
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
    async sql(text: string): Promise<void> {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      await client.query(text);
      await client.end();
    },
    async stop(): Promise<void> {
      await Promise.all([api.stop(), worker.stop()]);
      await Promise.all([database.drop(), mail.stop()]);
    },
  };
}

export const person = (n: number) => ({ email: `person${n}@example.com`, password: `a rather long password ${n}`, name: 'Ann' });
