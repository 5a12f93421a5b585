import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { type Cluster, MAX_IN_FLIGHT } from './cluster';

export type Fault = keyof Cluster['faults'];

const REDIS_FAULTS = ['wipeRedis', 'loseRedis', 'freezeRedis'] as const satisfies Fault[];
/** What a deployment does: each process is told to end, and a new one takes its place. */
const ROLLING_FAULTS = ['stopWorker', 'stopApi'] as const satisfies Fault[];
const PROCESS_FAULTS = ['killWorker', 'stallWorker', 'killApi'] as const satisfies Fault[];
const POSTGRES_FAULTS = ['crashPostgres', 'freezePostgres', 'cutConnections'] as const satisfies Fault[];
const ALL_FAULTS = [...REDIS_FAULTS, ...ROLLING_FAULTS, ...PROCESS_FAULTS, ...POSTGRES_FAULTS] as const satisfies Fault[];

/** Of runs. */
export const KINDS = {
  none: [],
  redis: REDIS_FAULTS,
  rolling: ROLLING_FAULTS,
  processes: PROCESS_FAULTS,
  postgres: POSTGRES_FAULTS,
  all: ALL_FAULTS,
} as const satisfies Record<string, readonly Fault[]>;
export type Kind = keyof typeof KINDS;

const ROLLING_MS = 5_000;
/** Two APIs and two workers. */
const PROCESSES = 4;

/** Requests that a fault may cut off between the answer of the receiver and our record of it, with two workers. */
const MAY_DOUBLE: Readonly<Partial<Record<Fault, number>>> = {
  killWorker: MAX_IN_FLIGHT,
  stallWorker: MAX_IN_FLIGHT,
  crashPostgres: 2 * MAX_IN_FLIGHT,
  freezePostgres: 2 * MAX_IN_FLIGHT,
  cutConnections: 2 * MAX_IN_FLIGHT,
};

/** The faults of a seed, in their order: the same seed gives the same. @yields a fault, which part it hits, and the pause before it */
function scheduleOf(seed: number, faults: readonly Fault[]) {
  const fault = fc.record({ fault: fc.constantFrom(...faults), part: fc.nat(1), pauseMs: fc.integer({ min: 500, max: 4_000 }) });
  return fc.sample(fault, { seed, numRuns: 1_000 });
}

type Torment = {
  /** How often what was done. */
  readonly done: ReadonlyMap<Fault, number>;
  /** The most arrivals that it may double. */
  readonly mayDouble: number;
};

/** Makes things happen until the time is over. */
export async function torment(cluster: Cluster, seed: number, kind: Kind, seconds: number): Promise<Torment> {
  const end = performance.now() + seconds * 1_000;
  const done = await (kind === 'rolling' ? replaceInTurn(cluster, end) : oneAfterTheOther(cluster, seed, KINDS[kind], end));
  await pause(Math.max(0, end - performance.now()));
  return { done, mayDouble: [...done].reduce((sum, [fault, times]) => sum + times * (MAY_DOUBLE[fault] ?? 0), 0) };
}

async function oneAfterTheOther(cluster: Cluster, seed: number, faults: readonly Fault[], end: number): Promise<Map<Fault, number>> {
  const done = new Map<Fault, number>();
  for (const { fault, part, pauseMs } of faults.length > 0 ? scheduleOf(seed, faults) : []) {
    if (performance.now() + pauseMs >= end) break;
    await pause(pauseMs);
    await cluster.faults[fault](part);
    count(done, fault);
  }
  return done;
}

/** Every five seconds the next process, whether or not the last one is back: a busy machine takes longer than that to start one. */
async function replaceInTurn(cluster: Cluster, end: number): Promise<Map<Fault, number>> {
  const done = new Map<Fault, number>();
  const replaced: Promise<void>[] = [];
  for (let turn = 0; performance.now() + ROLLING_MS < end; turn++) {
    await pause(ROLLING_MS);
    const fault = ROLLING_FAULTS[turn % ROLLING_FAULTS.length]!;
    // Nobody is replaced before it is there.
    await replaced[turn - PROCESSES];
    replaced.push(cluster.faults[fault](Math.floor(turn / ROLLING_FAULTS.length)));
    count(done, fault);
  }
  await Promise.all(replaced);
  return done;
}

function count(done: Map<Fault, number>, fault: Fault): void {
  done.set(fault, (done.get(fault) ?? 0) + 1);
}
