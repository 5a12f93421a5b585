import { neighbour } from '../../../bench/scenarios/neighbour';
import { atMost, type Bar } from './bar';

/** B7: 50 healthy endpoints beside one that hangs with a backlog of 10,000, as the benchmark measures it. */
export async function isolation(): Promise<Bar[]> {
  const figures = await neighbour();
  return figures.flatMap(({ what, value, unit, target }) =>
    target === undefined ? [] : [atMost('B7', what, { measured: value, limit: target, unit })],
  );
}
