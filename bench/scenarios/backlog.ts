import type { Bench } from '../support/bench';
import { amountFor } from '../support/flow';
import { costFigures, residentMb } from '../support/meter';
import { type Figure, median } from '../support/report';
import { MESSAGE } from '../support/sender';
import { onStage, type Stage, type Started, startSystem } from '../support/stage';

/** So many endpoints that their caps leave room for two workers. */
const SHAPE = { applications: 100, endpoints: 1 };
const BATCH = 500;
const SAMPLE_MS = 100;

/** What waits after an outage of the workers: how fast it goes, and how much memory that takes. */
export function backlog(bench: Bench): Promise<Figure[]> {
  return onStage(bench, async (stage) => {
    const { pipe } = stage;
    const { seconds, workers: count } = bench.options;
    const started = await startSystem(stage, SHAPE);
    try {
      let usual = 0;
      await amountFor(seconds, async (amount) => (usual = (await pipe.run(started.system, MESSAGE, amount)).deliveriesPerSecond));
      const messages = await pileUp(stage, started, bench.options.backlog);
      const {
        result: { perSecond, peakMb },
        cost,
      } = await started.metered(() => drain(stage, started, count, messages));
      await started.posthorn.stop();
      return [
        { what: 'deliver-1', value: usual, unit: '1/s' },
        { what: `${messages} waiting, drained`, value: perSecond, unit: '1/s' },
        { what: 'of deliver-1', value: perSecond / usual, unit: '×', floor: 0.8 },
        { what: 'memory of a worker, most', value: peakMb, unit: 'MB', target: 300 },
        ...costFigures('delivery', [{ cost, of: messages }], { cpuUs: { worker: 80, PostgreSQL: 60 } }),
        ...(await pipe.verdict(started.system.name)),
      ];
    } finally {
      await started.posthorn.stop();
    }
  });
}

/** The same backlog with one worker and with two, in turns, while the API is idle. */
export function workers(bench: Bench): Promise<Figure[]> {
  return onStage(bench, async (stage) => {
    const { options } = bench;
    const started = await startSystem(stage, SHAPE);
    try {
      const rates: Record<1 | 2, number[]> = { 1: [], 2: [] };
      for (let round = 0; round < options.rounds; round++)
        for (const count of [1, 2] as const) {
          const messages = await pileUp(stage, started, options.backlog / options.rounds);
          rates[count].push((await drain(stage, started, count, messages)).perSecond);
        }
      await started.posthorn.stop();
      return [
        { what: 'one worker', value: median(rates[1]), unit: '1/s' },
        { what: 'two workers', value: median(rates[2]), unit: '1/s' },
        { what: 'times one worker', value: median(rates[2].map((rate, round) => rate / rates[1][round]!)), unit: '×', floor: 1.6 },
        ...(await stage.pipe.verdict(started.system.name)),
      ];
    } finally {
      await started.posthorn.stop();
    }
  });
}

/** Without a worker. @returns how many wait then */
async function pileUp({ pipe }: Stage, { posthorn, system, settled }: Started, atLeast: number): Promise<number> {
  await settled();
  await posthorn.stopWorkers();
  const batches = Math.ceil(atLeast / BATCH);
  const paths = system.paths.map((path) => `${path}/batch`);
  const body = `{"messages":[${Array(BATCH).fill(MESSAGE).join(',')}]}`;
  await pipe.accept({ ...system, paths }, body, batches, { connections: 4, perRequest: BATCH });
  return batches * BATCH;
}

/** From the first second in which something arrives; starting a worker takes about as long everywhere. */
async function drain({ pipe, subscriber }: Stage, { posthorn, system }: Started, count: number, messages: number) {
  const before = (await subscriber.call('counts', system.name)).distinct;
  let peakMb = 0;
  await posthorn.startWorkers(count);
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, ...posthorn.workers.map(({ pid }) => residentMb(pid)));
  }, SAMPLE_MS);
  const first = await subscriber.call('counts', system.name);
  const from = first.distinct > before ? first : await subscriber.call('arrived', { sender: system.name, deliveries: before + 1 });
  const end = await pipe.arrived(system.name);
  clearInterval(watch);
  return { perSecond: ((messages - (from.distinct - before)) * 1_000) / (end - from.lastAt), peakMb };
}
