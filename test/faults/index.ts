import 'reflect-metadata';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { noteVersions, writeResult } from '../../bench/support/report';
import { startTestServices } from '../support/test-services';
import { answers } from './bars/answers';
import { type Bar, brokenOff } from './bars/bar';
import { canaries } from './bars/canaries';
import { descriptors } from './bars/descriptors';
import { duplicates } from './bars/duplicates';
import { fanOut } from './bars/fan-out';
import { heap } from './bars/heap';
import { herd } from './bars/herd';
import { isolation } from './bars/isolation';
import { lost, type Run } from './bars/lost';
import { memory } from './bars/memory';
import { order } from './bars/order';
import { recovery } from './bars/recovery';
import { chaos } from './chaos/chaos';
import { type Kind, KINDS } from './chaos/nemesis';

const RESULTS = join(__dirname, 'results');
/** What is counted and not timed is scaled down in runs that are shorter. */
const FULL_SECONDS = 60;
const HOSTILE_ANSWERS = 10_000;
const MESSAGES_IN_ORDER = 10_000;
const WIDE_ENDPOINTS = 5_000;
const HERD_DELIVERIES = 20_000;
const LARGE_MESSAGES = 60;

/** What is measured, by the bars that it says something about. */
type Options = { readonly seeds: number; readonly seconds: number; readonly kinds: readonly Kind[] };
type Measuring = (options: Options) => Promise<Bar[]>;
const MEASURED: Readonly<Record<string, Measuring>> = {
  'B1 B2': underFire,
  B3: recovery,
  B4: answers,
  B5: ({ seconds }) => memory(scaled(HOSTILE_ANSWERS, seconds)),
  B6: canaries,
  B7: isolation,
  order: ({ seconds }) => order(scaled(MESSAGES_IN_ORDER, seconds)),
  descriptors,
  'fan-out': ({ seconds }) => fanOut(scaled(WIDE_ENDPOINTS, seconds)),
  herd: ({ seconds }) => herd(scaled(HERD_DELIVERIES, seconds)),
  heap: ({ seconds }) => heap(scaled(LARGE_MESSAGES, seconds)),
};

/** `npm run faults -- --seeds 5 --seconds 60`, or some bars of it: `-- B3 B4`. Exit code 1 if one of them is missed. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '2' },
      seconds: { type: 'string', default: '60' },
      kinds: { type: 'string', default: Object.keys(KINDS).join(',') },
    },
  });
  const options = { seeds: Number(values.seeds), seconds: Number(values.seconds), kinds: values.kinds.split(',') as Kind[] };
  const strange = options.kinds.find((kind) => !(kind in KINDS));
  if (strange !== undefined) throw new Error(`There are no faults of ${strange}. There are ${Object.keys(KINDS).join(', ')}.`);
  const known = Object.keys(MEASURED).flatMap((names) => names.split(' '));
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no ${unknown}. There are ${known.join(', ')}.`);

  const services = await startTestServices();
  const bars: Bar[] = [];
  try {
    await noteVersions(services);
    for (const [names, measure] of Object.entries(MEASURED)) {
      if (positionals.length > 0 && !names.split(' ').some((name) => positionals.includes(name))) continue;
      const found = await measure(options).catch((error: unknown) => [brokenOff(names, error)]);
      for (const each of found) console.log(lineOf(each));
      bars.push(...found);
    }
  } finally {
    await services.stop();
  }
  console.table(bars.map(({ bar, what, limit, measured, unit, held }) => ({ bar, what, limit, measured: rounded(measured), unit, held })));
  console.log(writeResult('bars', { options, bars }, RESULTS));
  if (bars.some(({ held }) => !held)) process.exitCode = 1;
}

/** B1 and B2 tell of the same runs: each seed with faults of each kind. */
async function underFire({ seeds, seconds, kinds }: Options): Promise<Bar[]> {
  const runs: Run[] = [];
  for (let seed = 1; seed <= seeds; seed++)
    for (const kind of kinds) {
      const run = { seed, kind, report: await chaos({ seed, seconds, kind }) };
      console.log(story(run));
      runs.push(run);
    }
  return [...lost(runs), ...duplicates(runs)];
}

function story({ seed, kind, report }: Run): string {
  const { accepted, lost, duplicated, mayDouble, unexpected, recovered, forged, wrongAnswers, settledMs } = report;
  const faults = [...report.faults].map(([fault, times]) => `${fault} × ${times}`).join(', ');
  return [
    `seed ${seed}, ${kind}: ${accepted} accepted, ${lost} lost, ${duplicated} duplicated (at most ${mayDouble}), ${unexpected} unexpected,`,
    `${recovered} recovered, ${forged} badly signed, ${wrongAnswers.length} wrong answers, settled after ${(settledMs / 1_000).toFixed(1)} s`,
    `(${faults || 'no faults'})`,
  ].join(' ');
}

const lineOf = ({ bar, what, measured, unit, limit, held }: Bar): string =>
  `${bar}  ${what}: ${rounded(measured)} ${unit}`.trimEnd() + `, at most ${limit}: ${held ? 'held' : 'MISSED'}`;

const rounded = (value: number): number => Number(value.toPrecision(3));
const scaled = (count: number, seconds: number): number => Math.ceil(count * Math.min(1, seconds / FULL_SECONDS));

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
