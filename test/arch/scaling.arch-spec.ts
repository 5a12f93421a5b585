import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Env } from '../../src/config/variables';

type Process = 'api' | 'worker' | 'postgres';
type Model = {
  readonly MEASURED: { readonly one: Record<Process, number>; readonly ofTen: Record<Process, number>; readonly bytes: number };
  costOf(process: Process): { message: number; delivery: number };
  capacityFor(load: { rate: number; days?: number; receiverMs?: number; slots?: number }): {
    apis: number;
    workers: number;
    postgresCores: number;
    connections: number;
    gigabytesPerDay: number;
    terabytesKept: number;
  };
};

const { MEASURED, costOf, capacityFor } = jest.requireActual<Model>('../../scripts/capacity-model.mjs');

const read = (file: string): string => readFileSync(join(__dirname, '../..', file), 'utf8');
const numbersIn = (text: string): number[] => text.split(',').map((number) => Number(number.trim()));

/** Cells of the row that begins with `title`. */
function row(document: string, title: string): string[] {
  const line = document.split('\n').find((candidate) => candidate.startsWith(`| ${title} `));
  const cells = line!.split('|').slice(1, -1);
  return cells.map((cell) => cell.trim());
}

const benchmarks = read('docs/benchmarks.md');
const scaling = read('docs/scaling.md');

const SLOTS = Env.shape.DELIVERY_MAX_IN_FLIGHT.parse(undefined);

describe('docs/scaling.md', () => {
  it('is computed from the figures of the benchmarks', () => {
    const [, , , one, ofTen] = row(benchmarks, 'CPU of API, worker, PostgreSQL in µs');
    expect(Object.values(MEASURED.one)).toEqual(numbersIn(one!));
    expect(Object.values(MEASURED.ofTen)).toEqual(numbersIn(ofTen!));
    const [, , , bytes] = row(benchmarks, 'stored bytes of a message with one delivery');
    expect(MEASURED.bytes.toLocaleString('en')).toBe(bytes);
  });

  it.each([
    ['API', 'api'],
    ['worker', 'worker'],
    ['PostgreSQL', 'postgres'],
  ] as const)('says what a message costs the %s', (title, process) => {
    const { message, delivery } = costOf(process);
    expect(row(scaling, title).slice(1).map(Number)).toEqual([Math.round(message), Math.round(delivery)]);
  });

  it.each([100, 1_000, 10_000, 100_000])('says what %i messages per second take', (rate) => {
    const needed = Object.values(capacityFor({ rate })).map((number) => number.toLocaleString('en'));
    expect(row(scaling, rate.toLocaleString('en')).slice(1)).toEqual(needed);
  });

  it('says what slow receivers take', () => {
    const [{ workers: usual }, { workers }] = [capacityFor({ rate: 10_000 }), capacityFor({ rate: 10_000, receiverMs: 1_000 })];
    expect(scaling).toContain(`with receivers that take a second, ${workers} workers in place of ${usual}`);
  });

  it('counts with the slots that a worker has', () => {
    const [worker, twice] = [
      capacityFor({ rate: 1_000, receiverMs: 10_000 }),
      capacityFor({ rate: 1_000, receiverMs: 10_000, slots: SLOTS }),
    ];
    expect(worker).toEqual(twice);
  });

  it('says how much a week of 1,000 per second is', () => {
    expect(scaling).toContain(`RETENTION_DAYS=7\`: ${capacityFor({ rate: 1_000, days: 7 }).terabytesKept} TB`);
  });
});
