import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../support/bench';
import { summarize } from '../support/cpu-profile';
import { amountFor, perSecondOf } from '../support/flow';
import { machineNow } from '../support/machine-clock';
import { RESULTS, writeResult } from '../support/report';
import { MESSAGE } from '../support/sender';
import { onStage, type Shape, startSystem } from '../support/stage';
import { waitsDuring } from '../support/waits';

export const PROFILED: Readonly<Record<string, Shape>> = {
  accept: { applications: 1, endpoints: 0 },
  'deliver-1': { applications: 20, endpoints: 1 },
  'fanout-10': { applications: 4, endpoints: 10 },
};

const SHOWN = 40;

/** Where the time of each process goes, and what PostgreSQL is asked for, in one round at full speed. */
export async function profile(name: string, bench: Bench): Promise<void> {
  const shape = PROFILED[name];
  if (!shape) throw new Error(`Only these are profiled: ${Object.keys(PROFILED).join(', ')}.`);
  const folder = join(RESULTS, 'profiles');
  mkdirSync(folder, { recursive: true });
  await onStage(bench, async (stage) => {
    const { pipe } = stage;
    const nodeArguments = ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${folder}`];
    const { posthorn, system, metered, settled } = await startSystem(stage, shape, { nodeArguments });
    try {
      const rateOf = async (amount: number) => {
        const { accept, deliveriesPerSecond } = await pipe.run(system, MESSAGE, amount);
        return shape.endpoints === 0 ? perSecondOf(accept) : deliveriesPerSecond / shape.endpoints;
      };
      const amount = await amountFor(bench.options.seconds, rateOf);
      await settled();
      const from = machineNow();
      const {
        result: { waits },
        cost,
      } = await metered(() =>
        waitsDuring(bench.services.postgres.url, posthorn.databaseUrl, async () => {
          await pipe.run(system, MESSAGE, amount);
          await settled();
        }),
      );
      const span = { from, to: machineNow() };
      const processes = { API: posthorn.api.pid, worker: posthorn.workers[0]!.pid };
      await posthorn.stop();
      const things = amount * Math.max(1, shape.endpoints);
      const profiles = Object.fromEntries(Object.entries(processes).map(([process, pid]) => [process, summarize(folder, pid, span)]));
      for (const [process, { busyPercent, gcPercent, packages, functions }] of Object.entries(profiles)) {
        console.log(`\n${name}, ${process}: busy ${busyPercent.toFixed(0)} %, of that collecting garbage ${gcPercent.toFixed(1)} %`);
        console.table(packages.slice(0, SHOWN / 2).map(({ what, percent }) => ({ package: what, percent: round(percent) })));
        console.table(functions.slice(0, SHOWN).map(({ what, percent }) => ({ function: what, percent: round(percent) })));
      }
      const statements = cost.topStatements.map(({ query, calls, ms, rows }) => ({
        statement: query.replaceAll(/\s+/g, ' ').trim(),
        calls,
        'calls each': round(calls / things),
        'µs each': round((ms * 1_000) / things),
        'rows a call': round(rows / calls),
      }));
      console.log(`\n${name}, PostgreSQL: for each of ${things} ${shape.endpoints === 0 ? 'messages' : 'deliveries'}`);
      console.table(statements.slice(0, SHOWN / 2).map(({ statement, ...rest }) => ({ statement: statement.slice(0, 90), ...rest })));
      const cpuUs = Object.fromEntries(Object.entries(cost.cpuMs).map(([process, ms]) => [process, round((ms * 1_000) / things)]));
      console.log(`\n${name}, PostgreSQL: what its statements were seen waiting for`);
      console.table(waits.slice(0, SHOWN / 2).map(({ percent, ...rest }) => ({ ...rest, percent: round(percent) })));
      console.log('CPU, µs each:', cpuUs);
      writeResult(`profile-${name}`, { things, cpuUs, profiles, statements, waits });
    } finally {
      await posthorn.stop();
    }
  });
}

const round = (value: number): number => Number(value.toPrecision(3));
