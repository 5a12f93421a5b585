import { randomBytes, randomUUID } from 'node:crypto';
import type { NaiveApi } from '../processes/naive-api';
import { NAIVE_SCHEMA } from '../processes/naive-schema';
import { newId } from '../../src/platform/ids/id';
import { startChild } from './child';
import type { System } from './flow';
import { runSql } from './run-sql';
import type { Shape, Stage } from './stage';

/** The naive design on a database of its own, with the same applications and endpoints. */
export async function startNaive({ bench: { services }, subscriberUrl }: Stage, { applications, endpoints }: Shape) {
  const database = `naive_${randomUUID().replaceAll('-', '')}`;
  const admin = (statement: string) => runSql(services.postgres.url, statement);
  await admin(`CREATE DATABASE ${database}`);
  const url = new URL(services.postgres.url);
  url.pathname = database;
  await runSql(url.href, NAIVE_SCHEMA);
  const paths: string[] = [];
  for (let a = 0; a < applications; a++) {
    const application = newId('app');
    paths.push(`/app/${application}/msg`);
    for (let e = 0; e < endpoints; e++) {
      const secret = `whsec_${randomBytes(32).toString('base64')}`;
      const row = [newId('ep'), application, `${subscriberUrl}/naive/${a}-${e}`, secret];
      await runSql(url.href, 'INSERT INTO endpoint (id, application_id, url, secret) VALUES ($1, $2, $3, $4)', row);
    }
  }
  const environment = { DATABASE_URL: url.href, REDIS_URL: services.redis.url, QUEUE_PREFIX: database };
  const [api, worker] = await Promise.all([startChild<NaiveApi>('naive-api', environment), startChild('naive-worker', environment)]);
  const headers = { 'content-type': 'application/json' };
  const system: System = { url: await api.call('url'), headers, paths, endpoints, name: 'naive' };
  return {
    system,
    async stop(): Promise<void> {
      await Promise.all([api.stop(), worker.stop()]);
      await admin(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    },
  };
}
