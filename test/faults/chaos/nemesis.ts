import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { type Cluster, MAX_IN_FLIGHT } from './cluster';

export type Fault = keyof Cluster['faults'];

export const REDIS_FAULTS = ['wipeRedis', 'loseRedis', 'freezeRedis'] as const satisfies Fault[];
/** What a deployment does: each process is told to end, and a new one takes its place. */
export const ROLLING_FAULTS = ['stopWorker', 'stopApi'] as const satisfies Fault[];
export const PROCESS_FAULTS = ['killWorker', 'stallWorker', 'killApi'] as const satisfies Fault[];
export const POSTGRES_FAULTS = ['crashPostgres', 'freezePostgres', 'cutConnections'] as const satisfies Fault[];
export const ALL_FAULTS = [...REDIS_FAULTS, ...ROLLING_FAULTS, ...PROCESS_FAULTS, ...POSTGRES_FAULTS] as const satisfies Fault[];

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

/** Requests that a fault may cut off between the answer of the receiver and our record of it, with two workers. */
const MAY_DOUBLE: Readonly<Partial<Record<Fault, number>>> = {
  killWorker: MAX_IN_FLIGHT,
  stallWorker: MAX_IN_FLIGHT,
  crashPostgres: 2 * MAX_IN_FLIGHT,
  freezePostgres: 2 * MAX_IN_FLIGHT,
  cutConnections: 2 * MAX_IN_FLIGHT,
};

/** The faults of a seed, in their order: the same seed gives the same. @yields a fault, which part it hits, and the pause before it */
export function scheduleOf(seed: number, faults: readonly Fault[]) {
  const fault = fc.record({ fault: fc.constantFrom(...faults), part: fc.nat(1), pauseMs: fc.integer({ min: 500, max: 4_000 }) });
  return fc.sample(fault, { seed, numRuns: 1_000 });
}

/** Makes things happen, one after the other, until the time is over. @returns which, and how many arrivals they may double */
export async function torment(cluster: Cluster, seed: number, faults: readonly Fault[], seconds: number) {
  const end = performance.now() + seconds * 1_000;
  const done = new Map<Fault, number>();
  let mayDouble = 0;
  for (const { fault, part, pauseMs } of faults.length > 0 ? scheduleOf(seed, faults) : []) {
    if (performance.now() + pauseMs >= end) break;
    await pause(pauseMs);
    await cluster.faults[fault](part);
    done.set(fault, (done.get(fault) ?? 0) + 1);
    mayDouble += MAY_DOUBLE[fault] ?? 0;
  }
  await pause(Math.max(0, end - performance.now()));
  return { done, mayDouble };
}
