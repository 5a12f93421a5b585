import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { chaos, type ChaosReport } from './chaos';
import { ALL_FAULTS, type Fault, REDIS_FAULTS, ROLLING_FAULTS } from './nemesis';

const KINDS: Readonly<Record<string, readonly Fault[]>> = { redis: REDIS_FAULTS, rolling: ROLLING_FAULTS, all: ALL_FAULTS };

/** `npm run faults -- --seeds 5 --seconds 60`: a line for each run, and exit code 1 if anything was lost. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seeds: { type: 'string', default: '2' }, seconds: { type: 'string', default: '60' } } });
  let broken = false;
  for (let seed = 1; seed <= Number(values.seeds); seed++)
    for (const [kind, faults] of Object.entries(KINDS)) {
      const report = await chaos({ seed, seconds: Number(values.seconds), faults });
      const bound = report.mayDouble;
      broken ||= report.lost + report.unexpected + report.forged + report.wrongAnswers.length > 0 || report.duplicated > bound;
      console.log(line(seed, kind, report, bound));
    }
  if (broken) process.exitCode = 1;
}

function line(seed: number, kind: string, report: ChaosReport, bound: number): string {
  const { accepted, lost, duplicated, unexpected, recovered, forged, wrongAnswers, settledMs } = report;
  const faults = [...report.faults].map(([fault, times]) => `${fault} × ${times}`).join(', ');
  return [
    `seed ${seed}, ${kind}: ${accepted} accepted, ${lost} lost, ${duplicated} duplicated (at most ${bound}), ${unexpected} unexpected,`,
    `${recovered} recovered, ${forged} badly signed, ${wrongAnswers.length} wrong answers, settled after ${(settledMs / 1_000).toFixed(1)} s`,
    `(${faults})`,
  ].join(' ');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
