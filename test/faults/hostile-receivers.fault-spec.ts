import { MAY_GROW_MB } from './bars/memory';
import { meetHostileReceivers, REASONS } from './scenarios/hostile-receivers';

const MINUTE = 60_000;
/** To each of them; `npm run faults` sends more. */
const MESSAGES = 12;

it(
  'receivers that answer with malice each have their reason, hold no slot beyond the deadline, and leave the worker as it was',
  async () => {
    const { firstWords, fooled, grewMb } = await meetHostileReceivers(MESSAGES);
    expect(firstWords).toEqual(REASONS);
    // When all come at once, the deadline or the end of the connection may be what is seen first; success never is.
    expect(fooled).toEqual([]);
    expect(grewMb).toBeLessThan(MAY_GROW_MB);
  },
  6 * MINUTE,
);
