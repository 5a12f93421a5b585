import type { Bench } from '../support/bench';
import { amountFor } from '../support/flow';
import { type Figure, median, percentile } from '../support/report';
import { MESSAGE } from '../support/sender';
import { onStage, startSystem } from '../support/stage';

const SHARE_OF_CAPACITY = 0.25;
/** Six rounds of the others: a minute, unless told otherwise. */
const LENGTH = 6;

/** From the moment a message is due to be sent to its arrival, at a quarter of the rate at which they would just keep up. */
export function latency(bench: Bench): Promise<Figure[]> {
  return onStage(bench, async (stage) => {
    const { pipe, load, subscriber } = stage;
    const { rounds, seconds } = bench.options;
    const shape = { applications: 20, endpoints: 1 };
    const { posthorn, system, settled } = await startSystem(stage, shape, { name: 'timed' });
    try {
      const capacity = await capacityOf();
      const runs: number[][] = [];
      for (let round = 0; round < rounds; round++) {
        await settled();
        await subscriber.call('latencies', system.name);
        const perSecond = capacity * SHARE_OF_CAPACITY;
        const { accepted } = await load.call('pace', { ...system, perSecond, seconds: (seconds * LENGTH) / rounds });
        pipe.count(system.name, accepted, 1);
        await pipe.arrived(system.name);
        runs.push(await subscriber.call('latencies', system.name));
      }
      await posthorn.stop();
      const at = (percent: number) => median(runs.map((run) => percentile(run, percent)));
      return [
        { what: 'capacity', value: capacity, unit: '1/s' },
        { what: 'request to arrival, median', value: at(50), unit: 'ms', target: 15 },
        { what: 'request to arrival, p99', value: at(99), unit: 'ms', target: 60 },
        ...(await pipe.verdict(system.name)),
      ];
    } finally {
      await posthorn.stop();
    }

    async function capacityOf(): Promise<number> {
      let rate = 0;
      const body = MESSAGE.replace('"payload":{', '"payload":{"at":0,');
      await amountFor(seconds, async (amount) => (rate = (await pipe.run(system, body, amount)).deliveriesPerSecond));
      return rate;
    }
  });
}
