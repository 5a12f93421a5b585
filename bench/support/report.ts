import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';

export type Figure = {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What we promise: the value is at most this. */
  readonly target?: number;
  /** What we promise: the value is at least this. */
  readonly floor?: number;
};

const RESULTS = join(__dirname, '../results');

/** A table for people, and the same as JSON with what is needed to compare it with another run. */
export function report(scenario: string, figures: readonly Figure[]): void {
  console.table(
    figures.map(({ what, value, unit, target, floor }) => ({
      what,
      value: Number(value.toPrecision(4)),
      unit,
      target: [target === undefined ? '' : `<= ${target}`, floor === undefined ? '' : `>= ${floor}`].join(''),
      held:
        target === undefined && floor === undefined ? '' : value <= (target ?? Infinity) && value >= (floor ?? -Infinity) ? 'yes' : 'NO',
    })),
  );
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${scenario}.json`);
  writeFileSync(file, `${JSON.stringify({ scenario, ...circumstances(), figures }, null, 2)}\n`);
  console.log(file);
}

function circumstances() {
  return {
    at: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', 'HEAD'], { cwd: __dirname, encoding: 'utf8' }).trim(),
    node: process.version,
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
