import { DataSource, MigrationExecutor } from 'typeorm';
import { dataSourceOptions } from '../database/data-source';
import { daysAhead } from '../database/partitions';
import { TENANT_ROLE } from '../database/tenant-pool';
import type { Clock } from '../time/clock';
import { type Finding, ok, problem, reasonOf, warning } from './finding';

/** The oldest PostgreSQL that the tests run on. */
const MIN_VERSION = 15;
/** Beside the pool of a process: for data keys, and in a worker for notifications. */
const BESIDE_POOL = 2;
/** Ids carry the clocks of API processes; times of deliveries are those of the database. */
const SKEW_WARNING_MS = 1_000;
const SKEW_PROBLEM_MS = 30_000;
const MIN_DAYS_AHEAD = 2;

type Settings = {
  readonly url: string;
  readonly poolSize: number;
  readonly keyIds: readonly string[];
  /** After that many without a sign of life, a worker counts as dead. */
  readonly silenceSeconds: number;
};
type Facts = { version: number; room: number; tenant: boolean };

export async function examineDatabase({ url, poolSize, keyIds, silenceSeconds }: Settings, clock: Clock): Promise<Finding[]> {
  const dataSource = new DataSource(dataSourceOptions({ url, poolSize: 1 }));
  try {
    await dataSource.initialize();
  } catch (error) {
    return [problem('database', `PostgreSQL does not answer at DATABASE_URL (${reasonOf(error)}).`)];
  }
  try {
    const findings = [...(await examineServer(dataSource, poolSize, clock)), await examineSchema(dataSource)];
    // Without its tables nothing more can be asked.
    if (findings.some(({ check, level }) => check === 'database.schema' && level === 'problem')) return findings;
    return [
      ...findings,
      await examinePartitions(dataSource),
      await examineKeys(dataSource, keyIds),
      await examineWorkers(dataSource, silenceSeconds),
    ];
  } finally {
    await dataSource.destroy();
  }
}

async function examineServer(dataSource: DataSource, poolSize: number, clock: Clock): Promise<Finding[]> {
  const before = clock.now().getTime();
  const [{ now }] = await dataSource.query<[{ now: Date }]>('SELECT clock_timestamp() AS now');
  const after = clock.now().getTime();
  const [facts] = await dataSource.query<[Facts]>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version,
            current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
              - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())::int AS room,
            EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND pg_has_role(current_user, oid, 'MEMBER')) AS tenant`,
    [TENANT_ROLE],
  );
  const skew = Math.round(now.getTime() - (before + after) / 2);
  const connections = poolSize + BESIDE_POOL;
  const processes = Math.floor(facts.room / connections);
  const room = `There is room for ${processes} more processes with ${connections} connections each`;
  return [
    facts.version < MIN_VERSION
      ? problem('database.version', `PostgreSQL ${facts.version} is older than ${MIN_VERSION}.`)
      : ok('database.version', `PostgreSQL ${facts.version}.`),
    leveled(
      'database.clock',
      Math.abs(skew),
      SKEW_WARNING_MS,
      SKEW_PROBLEM_MS,
    )(`The clock of the database is ${Math.abs(skew)} ms ${skew < 0 ? 'behind' : 'ahead of'} the one here.`),
    processes < 1
      ? problem('database.connections', `${room}: lower DATABASE_POOL_SIZE or raise max_connections.`)
      : processes < 2
        ? warning('database.connections', `${room}: too few for old and new ones side by side during a deployment.`)
        : ok('database.connections', `${room}.`),
    facts.tenant
      ? ok('database.role', `The role of DATABASE_URL may act as ${TENANT_ROLE}.`)
      : problem(
          'database.role',
          `The role of DATABASE_URL is no member of ${TENANT_ROLE}, so requests of tenants fail. GRANT ${TENANT_ROLE} to it.`,
        ),
  ];
}

async function examineSchema(dataSource: DataSource): Promise<Finding> {
  const pending = await new MigrationExecutor(dataSource).getPendingMigrations();
  return pending.length === 0
    ? ok('database.schema', 'The schema is that of this release, or a newer one.')
    : problem('database.schema', `${pending.length} migrations are pending: run \`node dist/migrate.js\`.`);
}

async function examinePartitions(dataSource: DataSource): Promise<Finding> {
  const days = await daysAhead((text, values) => dataSource.query(text, values));
  const detail = `Partitions are made for ${days} days ahead.`;
  return days < MIN_DAYS_AHEAD
    ? problem('database.partitions', `${detail} Workers make them every hour; \`node dist/migrate.js\` makes them now.`)
    : ok('database.partitions', detail);
}

async function examineKeys(dataSource: DataSource, keyIds: readonly string[]): Promise<Finding> {
  const wrapped = await dataSource.query<{ id: string }[]>('SELECT DISTINCT key_ring_id AS id FROM data_key ORDER BY 1');
  const missing = wrapped.filter(({ id }) => !keyIds.includes(id));
  if (missing.length > 0)
    return problem(
      'keys.ring',
      `Data is encrypted under keys that ENCRYPTION_KEYS does not have: ${missing.map(({ id }) => id).join(', ')}.`,
    );
  const old = wrapped.filter(({ id }) => id !== keyIds[0]);
  return old.length > 0
    ? warning(
        'keys.ring',
        `Data keys are still wrapped by ${old.map(({ id }) => id).join(', ')}: \`npm run keys -- wrap\` before these go.`,
      )
    : ok('keys.ring', 'All data keys are wrapped by the first key of ENCRYPTION_KEYS.');
}

async function examineWorkers(dataSource: DataSource, silenceSeconds: number): Promise<Finding> {
  const [{ count }] = await dataSource.query<[{ count: number }]>(
    'SELECT count(*)::int AS count FROM worker WHERE heartbeat_at > now() - make_interval(secs => $1)',
    [silenceSeconds],
  );
  return count === 0 ? warning('workers', 'No worker is alive: nothing is delivered.') : ok('workers', `${count} alive.`);
}

function leveled(check: string, value: number, warnAt: number, problemAt: number): (detail: string) => Finding {
  return (detail) => (value >= problemAt ? problem : value >= warnAt ? warning : ok)(check, detail);
}
