import fc from 'fast-check';
import { iteratorQuery, limitQuery, listPage, type Order, pageQuery, type PageRequest, seek } from './list-page';

/** A list in memory, read as PostgreSQL would: beyond the cursor, in the order of the index. */
async function read(keys: readonly string[], page: PageRequest) {
  const { way, cursor, take } = seek(page);
  const sorted = [...keys].sort((a, b) => (a < b ? -1 : 1));
  const beyond = way === 'up' ? sorted.filter((key) => key > cursor) : sorted.filter((key) => key < cursor).reverse();
  return listPage(
    beyond.slice(0, take),
    page,
    (key) => key,
    (key) => key,
  );
}

const reopened = (iterator: string | null) => iteratorQuery.parse(iterator ?? undefined);

describe('lists', () => {
  const keys = ['a', 'b', 'c', 'd', 'e'];
  const page = (iterator: string | null, order: Order = 'ascending', limit = 2): PageRequest => ({ iterator, order, limit });

  it('goes through all pages and says on the last one that it is done', async () => {
    expect(await read(keys, page(null))).toEqual({ data: ['a', 'b'], iterator: 'b', prevIterator: '-a', done: false });
    expect(await read(keys, page('b'))).toEqual({ data: ['c', 'd'], iterator: 'd', prevIterator: '-c', done: false });
    expect(await read(keys, page('d'))).toEqual({ data: ['e'], iterator: 'e', prevIterator: '-e', done: true });
    expect(await read(keys, page('e'))).toEqual({ data: [], iterator: null, prevIterator: null, done: true });
  });

  it('goes backwards in the same order of display', async () => {
    expect(await read(keys, page('-e'))).toEqual({ data: ['c', 'd'], iterator: 'd', prevIterator: '-c', done: false });
    expect(await read(keys, page('-c'))).toEqual({ data: ['a', 'b'], iterator: 'b', prevIterator: '-a', done: true });
  });

  it('descends', async () => {
    expect(await read(keys, page(null, 'descending'))).toEqual({ data: ['e', 'd'], iterator: 'd', prevIterator: '-e', done: false });
    expect(await read(keys, page('-b', 'descending'))).toEqual({ data: ['d', 'c'], iterator: 'c', prevIterator: '-d', done: false });
  });

  it('visits each key once in both directions, even names that begin with a dash', async () => {
    const key = fc.stringMatching(/^[a-zA-Z0-9\-_.]{1,4}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { minLength: 1, maxLength: 20 }),
        fc.constantFrom<Order>('ascending', 'descending'),
        fc.integer({ min: 1, max: 7 }),
        async (names, order, limit) => {
          const forth: string[] = [];
          let answer = await read(names, page(null, order, limit));
          let last = answer;
          for (; answer.data.length > 0; answer = await read(names, page(reopened(answer.iterator), order, limit))) {
            forth.push(...answer.data);
            last = answer;
          }
          const back = [...last.data];
          for (let before = last; before.prevIterator !== null;) {
            before = await read(names, page(reopened(before.prevIterator), order, limit));
            back.unshift(...before.data);
          }
          const sorted = [...names].sort((a, b) => (a < b ? -1 : 1));
          expect(forth).toEqual(order === 'ascending' ? sorted : sorted.reverse());
          expect(back).toEqual(forth);
        },
      ),
    );
  });

  it.each(['1', '50', '250'])('takes the limit %s', (limit) => {
    expect(limitQuery.parse(limit)).toBe(Number(limit));
  });

  it.each(['0', '-1', '251', '1e9', 'abc', '1.5', '10;drop', '', ' 1', ['1', '2'], { $gt: '1' }])('refuses the limit %j', (limit) => {
    expect(limitQuery.safeParse(limit).success).toBe(false);
  });

  it.each(['', '-', '\u0000', "x' OR 1=1", 'x'.repeat(300), ['a', 'b']])('refuses the iterator %j', (iterator) => {
    expect(iteratorQuery.safeParse(iterator).success).toBe(false);
  });

  it('has defaults, ignores unknown keys, and refuses an unknown order', () => {
    expect(pageQuery('descending').parse({ expanded: 'true' })).toEqual({ limit: 50, iterator: null, order: 'descending' });
    expect(pageQuery('ascending').safeParse({ order: 'random' }).success).toBe(false);
  });
});
