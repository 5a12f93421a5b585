import type { Bench } from '../support/bench';
import { amountFor } from '../support/flow';
import { type Figure, median } from '../support/report';
import { MESSAGE } from '../support/sender';
import { onStage, startSystem } from '../support/stage';

const SHAPE = { applications: 20, endpoints: 1 };

/** Deliveries beside a long history and beside none, in turns. */
export function fullDatabase(bench: Bench): Promise<Figure[]> {
  return onStage(bench, async (stage) => {
    const { pipe } = stage;
    const { attempts, rounds, seconds } = bench.options;
    const { database } = await bench.history();
    const full = await startSystem(stage, SHAPE, { name: 'full', template: database.name });
    const empty = await startSystem(stage, SHAPE, { name: 'empty' });
    try {
      const run = async ({ system }: typeof full, amount: number) => (await pipe.run(system, MESSAGE, amount)).deliveriesPerSecond;
      const amountOf = (of: typeof full) => amountFor(seconds, (tried) => run(of, tried));
      const amount = Math.min(await amountOf(empty), await amountOf(full));
      const [ofFull, ofEmpty]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        ofFull.push(await run(full, amount));
        ofEmpty.push(await run(empty, amount));
      }
      await Promise.all([full.posthorn.stop(), empty.posthorn.stop()]);
      return [
        { what: 'deliveries, empty', value: median(ofEmpty), unit: '1/s' },
        { what: `deliveries, ${attempts} attempts stored`, value: median(ofFull), unit: '1/s' },
        { what: 'of the empty database', value: median(ofFull.map((rate, round) => rate / ofEmpty[round]!)), unit: '×', floor: 0.9 },
        ...(await pipe.verdict('full')),
      ];
    } finally {
      await Promise.allSettled([full.posthorn.stop(), empty.posthorn.stop()]);
    }
  });
}
