import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { startTestServices } from '../test/support/test-services';
import { accept } from './scenarios/accept';
import { backlog, workers } from './scenarios/backlog';
import { batch } from './scenarios/batch';
import { deliverOne, fanOutTen } from './scenarios/deliver';
import { fullDatabase } from './scenarios/full-database';
import { guard } from './scenarios/guard';
import { latency } from './scenarios/latency';
import { lists } from './scenarios/lists';
import { mixed } from './scenarios/mixed';
import { neighbour } from './scenarios/neighbour';
import { payload } from './scenarios/payload';
import { profile, PROFILED } from './scenarios/profile';
import { type History, makeHistory } from './support/history';
import { runSql } from './support/run-sql';
import type { Scenario } from './support/bench';
import { type Figure, noteVersions, printTable, report } from './support/report';

/** Each measures, and says what it found. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  accept,
  'deliver-1': deliverOne,
  'fanout-10': fanOutTen,
  latency,
  backlog,
  workers,
  payload,
  mixed,
  'full-database': fullDatabase,
  batch,
  neighbour,
  guard,
  lists,
};

/** As in production: what is committed is on the disk. The statements are counted. */
const DURABLE = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  autovacuum: 'on',
  max_connections: '300',
  shared_buffers: '256MB',
  shared_preload_libraries: 'pg_stat_statements',
};

/** On a disk: what systems keep in /tmp is often memory. */
const FOLDER = '/var/tmp';

/** `npm run bench -- accept deliver-1 --rounds 3`, on a PostgreSQL and a Redis of its own; all scenarios when none is named. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      workers: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '10' },
      backlog: { type: 'string', default: '100000' },
      attempts: { type: 'string', default: '10000000' },
      tenants: { type: 'string', default: '1000' },
      profile: { type: 'boolean', default: false },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(values.profile ? PROFILED : SCENARIOS);
  const unknown = names.find((name) => !(name in SCENARIOS));
  if (unknown !== undefined) throw new Error(`There is no ${unknown}. There are ${Object.keys(SCENARIOS).join(', ')}.`);
  const { profile: profiled, ...numbers } = values;
  const options = Object.fromEntries(Object.entries(numbers).map(([name, text]) => [name, Number(text)])) as Record<
    keyof typeof numbers,
    number
  >;

  const services = await startTestServices({ parent: FOLDER, settings: DURABLE });
  try {
    await runSql(services.postgres.url, 'CREATE EXTENSION pg_stat_statements');
    await noteVersions(services);
    let history: Promise<History> | undefined;
    const bench = { options, services, history: () => (history ??= makeHistory(options.attempts)) };
    const all: Figure[] = [];
    for (const name of names) {
      if (profiled) {
        await profile(name, bench);
        continue;
      }
      const figures = await SCENARIOS[name]!(bench);
      report(name, options, figures);
      all.push(...figures.map((figure) => ({ ...figure, what: `${name}: ${figure.what}` })));
    }
    if (all.length > 0 && names.length > 1) printTable(all);
  } finally {
    await services.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
