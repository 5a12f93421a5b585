import { firstIdAt } from '../ids/id';
import { idWindow, type TimeFilter } from './time-window';

const NOW = new Date('2026-06-15T12:00:00Z');
const HOUR = 3_600_000;
const at = (hours: number) => new Date(NOW.getTime() + hours * HOUR);
const idAt = (hours: number) => firstIdAt('msg', at(hours));
const DAYS_90 = 90 * 24;

const windowOf = (filter: TimeFilter, iterator: string | null = null) =>
  idWindow('msg', { iterator, order: 'descending', limit: 50 }, filter, NOW);
const idAfter = (hours: number) => firstIdAt('msg', new Date(at(hours).getTime() + 1));

describe('the window of a list', () => {
  it('is the last 90 days', () => {
    expect(windowOf({})).toEqual({ from: idAt(-DAYS_90), to: '~' });
  });

  it('is 90 days before `before`', () => {
    expect(windowOf({ before: at(-100) })).toEqual({ from: idAt(-100 - DAYS_90), to: idAt(-100) });
  });

  it('goes back as far as `after` says', () => {
    expect(windowOf({ after: at(-5_000) })).toEqual({ from: idAfter(-5_000), to: '~' });
    expect(windowOf({ after: at(-5_000), before: at(-4_000) })).toEqual({ from: idAfter(-5_000), to: idAt(-4_000) });
  });

  it('moves with the iterator, in both directions', () => {
    expect(windowOf({}, idAt(-200))).toEqual({ from: idAt(-200 - DAYS_90), to: '~' });
    expect(windowOf({ before: at(-100) }, idAt(-200))).toEqual({ from: idAt(-200 - DAYS_90), to: idAt(-100) });
    expect(windowOf({}, `-${idAt(-5_000)}`)).toEqual({ from: idAt(-5_000 - DAYS_90), to: idAt(-5_000 + DAYS_90) });
  });

  it('leaves room for rows whose ids were made at another time', () => {
    const page = { iterator: null, order: 'descending', limit: 50 } as const;
    const window = idWindow('msg', page, { after: at(-10), before: at(-5) }, NOW, HOUR);
    expect(window).toEqual({ from: firstIdAt('msg', new Date(at(-11).getTime() + 1)), to: idAt(-4) });
  });

  it('is that of now for an iterator that is none of ours', () => {
    expect(windowOf({}, 'nobody')).toEqual(windowOf({}));
    expect(windowOf({}, `-msg_${'z'.repeat(27)}`).to).toBe(firstIdAt('msg', new Date(2 ** 48 - 1)));
  });
});
