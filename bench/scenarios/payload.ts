import type { Bench } from '../support/bench';
import type { BareSender } from '../processes/bare-sender';
import { startChild } from '../support/child';
import { amountFor } from '../support/flow';
import { type Figure, median } from '../support/report';
import { messageOf, payloadOf } from '../support/sender';
import { onStage, startSystem } from '../support/stage';

const KIBIBYTES = [1, 16, 256];

/** Deliveries by the size of their messages; in turns with a sender of the same bytes that stores nothing. */
export function payload(bench: Bench): Promise<Figure[]> {
  return onStage(bench, async (stage) => {
    const { pipe, subscriberUrl } = stage;
    const { rounds, seconds } = bench.options;
    const bare = await startChild<BareSender>('bare-sender');
    const { posthorn, system } = await startSystem(stage, { applications: 20, endpoints: 1 });
    try {
      const figures: Figure[] = [];
      for (const size of KIBIBYTES) {
        const message = messageOf(size * 1_024);
        const send = (amount: number) =>
          bare.call('send', { url: `${subscriberUrl}/bare`, payload: payloadOf(message), connections: 128, amount });
        const run = async (amount: number) => (await pipe.run(system, message, amount)).deliveriesPerSecond;
        const [ofBare, ofOwn] = [await amountFor(seconds, send), await amountFor(seconds, run)];
        const [bareRates, rates]: [number[], number[]] = [[], []];
        for (let round = 0; round < rounds; round++) {
          bareRates.push(await send(ofBare));
          rates.push(await run(ofOwn));
        }
        figures.push(
          { what: `deliveries of ${size} KiB`, value: median(rates), unit: '1/s' },
          { what: `of the bare sender, ${size} KiB`, value: median(rates.map((rate, round) => rate / bareRates[round]!)), unit: '×' },
        );
      }
      await posthorn.stop();
      return [...figures, ...(await pipe.verdict(system.name))];
    } finally {
      await Promise.allSettled([bare.stop(), posthorn.stop()]);
    }
  });
}
