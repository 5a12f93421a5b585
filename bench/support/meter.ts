import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import type { Services } from '../../test/support/services';
import { type Figure, median } from './report';
import { runSql } from './run-sql';

/** Of /proc, on every Linux. */
const TICK_MS = 10;

export type Cost = {
  /** Round trips to PostgreSQL: each statement, BEGIN and COMMIT. */
  readonly statements: number;
  /** Scripts, and what they call. */
  readonly redisCommands: number;
  /** Milliseconds of CPU by name; empty where there is no /proc. */
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly topStatements: readonly StatementCost[];
};

type StatementCost = { readonly query: string; readonly calls: number; readonly ms: number; readonly rows: number };

type Pids = Readonly<Record<string, readonly number[]>>;
/** Processes may come while the work is done: what they did before it is all that is not theirs. */
type Watched = { readonly databaseUrl: string; readonly pids: () => Pids };

/** What the work costs in round trips and in CPU time, which no neighbour on the machine can change much. */
export async function metered<T>(
  services: Services,
  { databaseUrl, pids }: Watched,
  work: () => Promise<T>,
): Promise<{ result: T; cost: Cost }> {
  const redis = new Redis(services.redis.url);
  const watched = () => ({ ...pids(), PostgreSQL: [services.postgres.pid], Redis: [services.redis.pid] });
  try {
    await runSql(services.postgres.url, 'SELECT pg_stat_statements_reset()');
    await redis.config('RESETSTAT');
    const before = cpuOf(watched());
    const result = await work();
    const after = cpuOf(watched());
    const redisCommands = commandsOf(await redis.info('commandstats'));
    const topStatements = await runSql<StatementCost>(services.postgres.url, STATEMENTS, [new URL(databaseUrl).pathname.slice(1)]);
    const cpuMs = Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]));
    return { result, cost: { statements: topStatements.reduce((sum, { calls }) => sum + calls, 0), redisCommands, cpuMs, topStatements } };
  } finally {
    redis.disconnect();
  }
}

const STATEMENTS = `
  SELECT s.query, sum(s.calls)::float8 AS calls, sum(s.total_exec_time)::float8 AS ms, sum(s.rows)::float8 AS rows
    FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = $1 GROUP BY s.query ORDER BY ms DESC`;

/** Without our own. */
function commandsOf(commandStats: string): number {
  const calls = [...commandStats.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)];
  return calls.reduce((sum, [, name = '', count]) => sum + (/^(info|config\|resetstat)$/.test(name) ? 0 : Number(count)), 0);
}

function cpuOf(watched: Pids): Record<string, number> {
  if (!existsSync('/proc/self/stat')) return {};
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf);
  const entries = Object.entries(watched).map(([name, pids]) => {
    const own = processes.filter(({ pid, parent }) => pids.includes(pid) || pids.includes(parent));
    return [name, own.reduce((sum, { ms, ofDeadChildren, pid }) => sum + ms + (pids.includes(pid) ? ofDeadChildren : 0), 0)] as const;
  });
  return Object.fromEntries(entries);
}

function statOf(pid: string) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, parent = 0, ...rest] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = rest.slice(9, 13);
    return [{ pid: Number(pid), parent, ms: (user + system) * TICK_MS, ofDeadChildren: (childUser + childSystem) * TICK_MS }];
  } catch {
    return []; // It has just ended.
  }
}

/** Resident memory in MB. */
export function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}

type Metered = { readonly cost: Cost; readonly of: number };
type CostTargets = { readonly statements?: number; readonly redis?: number; readonly cpuUs?: Readonly<Record<string, number>> };

/** Medians of rounds, each with how many `things` it was for. */
export function costFigures(
  thing: string,
  rounds: readonly Metered[],
  { statements = 0.1, redis = 0.1, cpuUs = {} }: CostTargets = {},
): Figure[] {
  const per = (what: (cost: Cost) => number) => median(rounds.map(({ cost, of }) => what(cost) / of));
  return [
    { what: `statements per ${thing}`, value: per((cost) => cost.statements), unit: '', target: statements },
    { what: `Redis commands per ${thing}`, value: per(({ redisCommands }) => redisCommands), unit: '', target: redis },
    ...Object.keys(rounds[0]?.cost.cpuMs ?? {}).map((name) => ({
      what: `CPU of ${name} per ${thing}`,
      value: per(({ cpuMs }) => (cpuMs[name] ?? 0) * 1_000),
      unit: 'µs',
      ...(cpuUs[name] === undefined ? {} : { target: cpuUs[name] }),
    })),
  ];
}
