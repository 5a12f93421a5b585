import type { BareRoute } from '../processes/bare-route';
import type { Bench } from '../support/bench';
import { startChild } from '../support/child';
import { acceptFigures, amountFor, perSecondOf } from '../support/flow';
import { costFigures } from '../support/meter';
import { type Figure, median } from '../support/report';
import { MESSAGE } from '../support/sender';
import { onStage, startSystem } from '../support/stage';

/** Messages without endpoints, over 64 connections; in turns with the same route that stores nothing. */
export function accept(bench: Bench): Promise<Figure[]> {
  return onStage(bench, async (stage) => {
    const { pipe } = stage;
    const bare = await startChild<BareRoute>('bare-route');
    const { posthorn, system, metered, settled } = await startSystem(stage, { applications: 1, endpoints: 0 });
    try {
      const reference = { ...system, url: await bare.call('url'), paths: ['/app/any/msg'], name: 'bare' };
      const { rounds, seconds } = bench.options;
      const amountOf = (of: typeof system) => amountFor(seconds, async (amount) => perSecondOf(await pipe.accept(of, MESSAGE, amount)));
      const [ofBare, ofOwn] = [await amountOf(reference), await amountOf(system)];
      const turns = [];
      for (let round = 0; round < rounds; round++) {
        const nothing = await pipe.accept(reference, MESSAGE, ofBare);
        await settled();
        const { result: own, cost } = await metered(() => pipe.accept(system, MESSAGE, ofOwn));
        turns.push({ own, bareRate: perSecondOf(nothing), rate: perSecondOf(own), cost, of: ofOwn });
      }
      const [stored] = await posthorn.sql<{ count: string }>('SELECT count(*) FROM message');
      return [
        { what: 'bare route, nothing stored', value: median(turns.map(({ bareRate }) => bareRate)), unit: '1/s' },
        { what: 'messages', value: median(turns.map(({ rate }) => rate)), unit: '1/s' },
        { what: 'of the bare route', value: median(turns.map(({ rate, bareRate }) => rate / bareRate)), unit: '×', floor: 0.45 },
        ...acceptFigures(
          turns.map(({ own }) => own),
          { p50: 15, p99: 60 },
        ),
        ...costFigures('message', turns, { cpuUs: { API: 100 } }),
        ...pipe.verdictOnStored(system.name, Number(stored?.count)),
      ];
    } finally {
      await Promise.all([bare.stop(), posthorn.stop()]);
    }
  });
}
