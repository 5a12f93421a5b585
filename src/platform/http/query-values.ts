import { z } from 'zod';

/** `true` or `false` in a query string. */
export const queryBoolean = z.preprocess((text) => (text === 'true' ? true : text === 'false' ? false : text), z.boolean());

/** Members of a list in a query string: see `withQueryLists`. */
export function queryList<Item extends z.ZodType>(item: Item) {
  return z.array(item).max(1_000).optional();
}

/**
 * A query schema in which these keys are lists, in any of the four ways in which clients write them: `a=1,2`, `a=1&a=2`,
 * `a[]=1&a[]=2` and `a[0]=1&a[1]=2`.
 */
export function withQueryLists<Schema extends z.ZodType>(keys: readonly string[], schema: Schema) {
  return z.preprocess((query) => {
    const given = Object.entries((query ?? {}) as Record<string, unknown>);
    const rest = given.filter(([name]) => !keys.includes(listName(name)));
    const lists = keys.map(
      (key) => [key, given.filter(([name]) => listName(name) === key).flatMap(([, value]) => members(value))] as const,
    );
    return Object.fromEntries([...rest, ...lists.filter(([, values]) => values.length > 0)]);
  }, schema);
}

function listName(name: string): string {
  return name.replace(/\[\d*\]$/, '');
}

function members(value: unknown): string[] {
  return [value].flat().flatMap((text) => String(text).split(','));
}
