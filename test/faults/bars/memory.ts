import { ANSWERS_PER_MESSAGE, meetHostileReceivers } from '../scenarios/hostile-receivers';
import { atMost, type Bar } from './bar';

export const MAY_GROW_MB = 100;

/** B5: what the worker keeps of answers that are meant to hurt it. */
export async function memory(answers: number): Promise<Bar[]> {
  const { grewMb, answers: met } = await meetHostileReceivers(Math.ceil(answers / ANSWERS_PER_MESSAGE), answers);
  return [atMost('B5', `memory that a worker gained by ${met} hostile answers`, { measured: grewMb, limit: MAY_GROW_MB, unit: 'MB' })];
}
