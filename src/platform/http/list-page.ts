import { z } from 'zod';
import type { Statement } from '../database/sql';

export type Order = 'ascending' | 'descending';

/** What a caller asks of a list; `iterator` is the cursor of a former answer, and one with a leading `-` goes backwards from there. */
export type PageRequest = { readonly limit: number; readonly iterator: string | null; readonly order: Order };

export type ListPage<Item> = {
  readonly data: readonly Item[];
  /** Cursor of the last item, also on the last page: what is added later comes after it. */
  readonly iterator: string | null;
  readonly prevIterator: string | null;
  /** There is nothing more in the direction of this page. */
  readonly done: boolean;
};

const MAX_LIMIT = 250;
const DEFAULT_LIMIT = 50;

/** Cursors are ids or names; a `~` protects a name that begins with the `-` that means backwards. */
const ITERATOR = /^-?(?:~-|[a-zA-Z0-9_.])[a-zA-Z0-9\-_.]{0,255}$/;

export const limitQuery = z
  .preprocess(wholeNumber, z.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT))
  .meta({ description: `Items per page, at most ${MAX_LIMIT}.` });

export const iteratorQuery = z
  .string()
  .regex(ITERATOR, 'must be an iterator from an earlier answer')
  .optional()
  .transform((iterator) => iterator ?? null)
  .meta({ description: '`iterator` of the last page for the next one, `prevIterator` for the one before.' });

/** Query parameters of every list. */
export function pageQuery(order: Order) {
  return z.object({ limit: limitQuery, iterator: iteratorQuery, order: z.enum(['ascending', 'descending']).default(order) });
}

export function listOf<Item extends z.ZodType>(item: Item) {
  const page = z.object({
    data: z.array(item),
    iterator: z
      .string()
      .nullable()
      .meta({ description: 'Ask with it for the next page. Also of the last page: what is added later comes after it.' }),
    prevIterator: z.string().nullable().meta({ description: 'Ask with it for the page before.' }),
    done: z.boolean().meta({ description: 'There is nothing more in this direction.' }),
  });
  const { id } = item.meta() ?? {};
  return id === undefined ? page : page.meta({ id: `ListOf${id}` });
}

type Way = 'up' | 'down';

/** The statement of a list for both ways through its index: a comparison and a direction cannot be parameters. */
export function bothWays(name: string, text: (beyond: '>' | '<', direction: 'ASC' | 'DESC') => string): Readonly<Record<Way, Statement>> {
  return { up: { name: `${name}.up`, text: text('>', 'ASC') }, down: { name: `${name}.down`, text: text('<', 'DESC') } };
}

/**
 * One ordered list out of several, one for each member of `list`: each is read in the order of its index and no further than
 * the page needs, however many rows lie between the wanted ones. @param part its statement, with order and limit
 */
export function mergedLists(list: string, part: (member: string) => string, direction: 'ASC' | 'DESC', limit: string): string {
  return `SELECT part.* FROM unnest(${list}) AS choice (member) CROSS JOIN LATERAL (${part('choice.member')}) part
           ORDER BY part.id ${direction} LIMIT ${limit}`;
}

/**
 * `column = value` with a cursor at $3, in words that only an index over both columns has an order for: with an equality, the
 * planner takes any index over the key alone, and reads all that lies between the wanted rows. Order by both.
 */
export function sortedLookup(column: string, value: string, key: string, beyond: '>' | '<'): string {
  return `${column} >= ${value} AND ${column} <= ${value} AND (${column}, ${key}) ${beyond} (${value}, $3)`;
}

/** Where a page begins in the index and which way it goes. Ask for `take` rows: one more than fit, to see whether there are more. */
export function seek({ iterator, order, limit }: PageRequest): { readonly way: Way; readonly cursor: string; readonly take: number } {
  const way = (order === 'ascending') === isBackwards(iterator) ? 'down' : 'up';
  // Before and after everything in the collation "C".
  const start = way === 'up' ? '' : '~';
  return { way, cursor: iterator?.replace(/^-?~?/, '') ?? start, take: limit + 1 };
}

/** The answer, from the rows that were found in the order of `seek`. */
export async function listPage<Row, Item>(
  found: readonly Row[],
  { limit, iterator }: PageRequest,
  keyOf: (row: Row) => string,
  view: (row: Row) => Item | Promise<Item>,
): Promise<ListPage<Item>> {
  const rows = found.slice(0, limit);
  if (isBackwards(iterator)) rows.reverse();
  const [first, last] = [rows.at(0), rows.at(-1)];
  return {
    data: await Promise.all(rows.map(view)),
    iterator: last === undefined ? null : cursorOf(keyOf(last)),
    prevIterator: first === undefined ? null : `-${cursorOf(keyOf(first))}`,
    done: found.length <= limit,
  };
}

/** `Number` alone reads `1e2`, ` 1` and the empty string. */
function wholeNumber(text: unknown): unknown {
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : text;
}

function isBackwards(iterator: string | null): boolean {
  return iterator?.startsWith('-') ?? false;
}

function cursorOf(key: string): string {
  return key.startsWith('-') ? `~${key}` : key;
}
