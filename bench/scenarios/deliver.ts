import type { BareSender } from '../processes/bare-sender';
import type { Bench } from '../support/bench';
import { startChild } from '../support/child';
import { acceptFigures, amountFor, type System } from '../support/flow';
import { costFigures } from '../support/meter';
import { startNaive } from '../support/naive';
import { type Figure, median } from '../support/report';
import { MESSAGE, payloadOf } from '../support/sender';
import { onStage, type Shape, startSystem } from '../support/stage';
import { bytesPerMessage, stored } from '../support/stored';

/** Of the bare sender. More do not make it faster. */
const IN_FLIGHT = 128;

type Targets = { readonly ofSender: number; readonly timesNaive: number };

/** One endpoint for each message. Twenty of them, so that the limit of requests at one endpoint is not what is measured. */
export const deliverOne = (bench: Bench) => deliver(bench, { applications: 20, endpoints: 1 }, { ofSender: 0.18, timesNaive: 5 });

export const fanOutTen = (bench: Bench) => deliver(bench, { applications: 4, endpoints: 10 }, { ofSender: 0.35, timesNaive: 6 });

/** From the first request to the last arrival; in turns with a sender that stores nothing, and with the naive design. */
function deliver(bench: Bench, shape: Shape, { ofSender, timesNaive }: Targets): Promise<Figure[]> {
  return onStage(bench, async (stage) => {
    const { pipe, subscriberUrl } = stage;
    const { rounds, seconds } = bench.options;
    const bare = await startChild<BareSender>('bare-sender');
    const naive = await startNaive(stage, shape);
    const { posthorn, system, metered, settled } = await startSystem(stage, shape);
    try {
      const send = (amount: number) =>
        bare.call('send', { url: `${subscriberUrl}/bare`, payload: payloadOf(MESSAGE), connections: IN_FLIGHT, amount });
      const amountOf = (of: System) =>
        amountFor(seconds, async (amount) => (await pipe.run(of, MESSAGE, amount)).deliveriesPerSecond / of.endpoints);
      const [ofBare, ofNaive, ofOwn] = [await amountFor(seconds, send), await amountOf(naive.system), await amountOf(system)];
      await settled();
      const before = await stored(posthorn);
      const turns = [];
      for (let round = 0; round < rounds; round++) {
        const bareRate = await send(ofBare);
        const naiveRate = (await pipe.run(naive.system, MESSAGE, ofNaive)).deliveriesPerSecond;
        const { result: own, cost } = await metered(async () => {
          const flow = await pipe.run(system, MESSAGE, ofOwn);
          await settled();
          return flow;
        });
        turns.push({ bareRate, naiveRate, own, rate: own.deliveriesPerSecond, cost, of: own.deliveries });
      }
      const perMessage = bytesPerMessage(before, await stored(posthorn));
      await Promise.all([naive.stop(), posthorn.stop()]);
      return [
        { what: 'bare sender, nothing stored', value: median(turns.map(({ bareRate }) => bareRate)), unit: '1/s' },
        { what: 'naive design', value: median(turns.map(({ naiveRate }) => naiveRate)), unit: '1/s' },
        { what: 'deliveries', value: median(turns.map(({ rate }) => rate)), unit: '1/s' },
        { what: 'of the bare sender', value: median(turns.map(({ rate, bareRate }) => rate / bareRate)), unit: '×', floor: ofSender },
        {
          what: 'times the naive design',
          value: median(turns.map(({ rate, naiveRate }) => rate / naiveRate)),
          unit: '×',
          floor: timesNaive,
        },
        ...acceptFigures(turns.map(({ own }) => own.accept)),
        ...costFigures('delivery', turns, { statements: 0.1 + 0.1 / shape.endpoints, cpuUs: { worker: 80, PostgreSQL: 60 } }),
        // The target is for one endpoint; with more, a message is stored once for all of them.
        {
          what: 'stored for each message',
          value: perMessage,
          unit: 'B',
          ...(shape.endpoints === 1 ? { target: 3_072 } : {}),
        },
        ...(await pipe.verdict(system.name)),
      ];
    } finally {
      await Promise.allSettled([bare.stop(), naive.stop(), posthorn.stop()]);
    }
  });
}
