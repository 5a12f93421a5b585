import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { VERSION } from '../../src/platform/version';
import type { Services } from '../../test/support/services';
import { runSql } from './run-sql';

export type Figure = {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What we promise: the value is at most this. */
  readonly target?: number;
  /** What we promise: the value is at least this. */
  readonly floor?: number;
};

export const RESULTS = join(__dirname, '../results');

/** A table for people, and the same as JSON with what is needed to compare it with another run. */
export function report(scenario: string, options: object, figures: readonly Figure[]): void {
  console.log(`\n${scenario}`);
  printTable(figures);
  console.log(writeResult(scenario, { options, figures }));
}

export function printTable(figures: readonly Figure[]): void {
  console.table(
    figures.map(({ what, value, unit, target, floor }) => ({
      what,
      target: [target === undefined ? '' : `<= ${target}`, floor === undefined ? '' : `>= ${floor}`].join(''),
      measured: Number(value.toPrecision(4)),
      unit,
      held:
        target === undefined && floor === undefined ? '' : value <= (target ?? Infinity) && value >= (floor ?? -Infinity) ? 'yes' : 'NO',
    })),
  );
}

/** @returns the file */
export function writeResult(name: string, result: object, folder = RESULTS): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ name, ...circumstances(), ...result }, null, 2)}\n`);
  return file;
}

const versions: Record<string, string> = {};

/** Of the servers, for the reports. */
export async function noteVersions({ postgres, redis }: Services): Promise<void> {
  const [row] = await runSql<{ server_version: string }>(postgres.url, 'SHOW server_version');
  const client = new Redis(redis.url);
  versions['postgresql'] = row?.server_version ?? '';
  versions['redis'] = /redis_version:(\S+)/.exec(await client.info('server'))?.[1] ?? '';
  client.disconnect();
}

function circumstances() {
  return {
    at: new Date().toISOString(),
    commit: execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=40'], { cwd: __dirname, encoding: 'utf8' }).trim(),
    versions: { posthorn: VERSION, node: process.version, ...versions },
    machine: { cpu: cpus()[0]?.model ?? '', cores: availableParallelism(), memoryGiB: Math.round(totalmem() / 2 ** 30) },
  };
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? NaN;
}
