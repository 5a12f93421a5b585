import fc from 'fast-check';
import { compileFilter, flawOfFilter, parsedPayload } from './content-filter';

const ORDER = {
  order: { total: 120, country: 'DE', paid: true, note: null, 'tax.rate': 19, lines: [{ sku: 'a-1', qty: 2 }, { sku: 'b-2' }] },
  tags: ['new', 'vip'],
  none: [],
};

const matches = (filter: object, payload: unknown) => compileFilter(filter)(payload);

describe('a content filter', () => {
  it.each<[object]>([
    [{ 'order.total': 120 }],
    [{ 'order.country': { $in: ['DE', 'FR'] } }],
    [{ 'order.country': { $nin: ['US'] }, 'order.paid': true }],
    [{ 'order.note': null }],
    [{ 'order.total': { $gt: 100, $lte: 120 } }],
    [{ 'order.country': { $gte: 'DE', $lt: 'DF' } }],
    [{ 'order.lines.sku': 'b-2' }],
    [{ 'order.lines.sku': { $startsWith: 'a' } }],
    [{ 'order.lines.sku': { $endsWith: '2' } }],
    [{ tags: 'vip' }],
    [{ tags: { $contains: 'ew' } }],
    [{ 'order.tax\\.rate': 19 }],
    [{ 'order.missing': { $exists: false } }],
    [{ 'order.note': { $exists: true } }],
    [{ none: { $exists: true } }],
    [{ 'order.missing': { $ne: 1 } }],
    [{ $or: [{ tags: 'old' }, { 'order.paid': true }] }],
    [{ $and: [{ tags: 'new' }, { tags: 'vip' }] }],
    [{ $not: { tags: 'old' } }],
  ])('%j matches the order', (filter) => {
    expect(flawOfFilter(filter)).toBeNull();
    expect(matches(filter, ORDER)).toBe(true);
  });

  it.each<[object]>([
    [{ 'order.total': '120' }],
    [{ 'order.total': { $gt: 120 } }],
    [{ 'order.total': { $gt: '1' } }],
    [{ order: null }],
    [{ 'order.lines': 'a-1' }],
    [{ 'order.missing': null }],
    [{ tags: { $ne: 'vip' } }],
    [{ none: { $in: [null, ''] } }],
    [{ 'order.total.constructor': { $exists: true } }],
    [{ 'constructor.name': 'Object' }],
    [{ 'tags.length': 2 }],
    [{ $or: [{ tags: 'old' }, { 'order.paid': false }] }],
    [{ $not: { tags: 'vip' } }],
  ])('%j does not', (filter) => {
    expect(flawOfFilter(filter)).toBeNull();
    expect(matches(filter, ORDER)).toBe(false);
  });

  it.each<[(string | number)[], RegExp, object]>([
    [[], /empty/, {}],
    [['$where'], /not known/, { $where: 'sleep()' }],
    [['a', '$regex'], /not an operator/, { a: { $regex: '(a+)+' } }],
    [['a', 'b'], /one path/, { a: { b: 1 } }],
    [['a', 'constructor'], /one path/, { a: { constructor: 1 } }],
    [['a'], /\$in/, { a: [1] }],
    [['a'], /empty/, { a: {} }],
    [['a', '$in'], /1 to 100/, { a: { $in: [] } }],
    [['a', '$in', 1], /string, a number/, { a: { $in: [1, {}] } }],
    [['a', '$gt'], /number or a string/, { a: { $gt: true } }],
    [['a', '$contains'], /string/, { a: { $contains: 1 } }],
    [['a', '$exists'], /true or false/, { a: { $exists: 'yes' } }],
    [['a'], /string, a number/, { a: Infinity }],
    [['$or'], /list/, { $or: {} }],
    [['$or', 1], /object/, { $or: [{ a: 1 }, 2] }],
    [['$not'], /object/, { $not: [] }],
    [['__proto__'], /path/, JSON.parse('{"__proto__":1}') as object],
    [[], /longer/, { a: 'x'.repeat(8_192) }],
    [['n50'], /50 conditions/, Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`n${n}`, n]))],
  ])('is refused at %j: %s', (path, message, filter) => {
    expect(flawOfFilter(filter)).toMatchObject({ path, message: expect.stringMatching(message) as string });
  });

  it('is refused when it is nested deeply, however deeply', () => {
    const nested = (depth: number): object => (depth === 0 ? { a: 1 } : { $not: nested(depth - 1) });
    expect(flawOfFilter(nested(5))).toBeNull();
    expect(flawOfFilter(nested(6))).toMatchObject({ message: expect.stringMatching(/nested/) as string });
    expect(flawOfFilter(JSON.parse('{"$not":'.repeat(100_000) + '1' + '}'.repeat(100_000)) as object)).not.toBeNull();
  });

  it('looks at the first thousand of many values', () => {
    const list = Array.from({ length: 1_001 }, (_, n) => ({ n: [n] }));
    expect([matches({ 'list.n': 999 }, { list }), matches({ 'list.n': 1_000 }, { list })]).toEqual([true, false]);
  });

  it('matches nothing that is not JSON', () => {
    for (const text of ['', 'a=1', '{"a":', '\u0000']) {
      for (const filter of [{ a: 1 }, { a: { $exists: false } }, { $not: { a: 1 } }])
        expect(matches(filter, parsedPayload(Buffer.from(text)))).toBe(false);
    }
    expect(matches({ a: { $exists: false } }, parsedPayload(Buffer.from('[]')))).toBe(true);
  });

  describe('whatever it says', () => {
    const names = fc.constantFrom('a', 'b', 'c.d', '__proto__', 'toString', '');
    const { payload } = fc.letrec((tie) => ({
      payload: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.constantFrom(null, true, false, 0, 1, -1, 2.5, '', 'x', 'xy', '1'), fc.jsonValue({ maxDepth: 1 })),
        fc.array(tie('payload'), { maxLength: 3 }),
        // As a parser makes them: `__proto__` is a member like any other.
        fc.array(fc.tuple(names, tie('payload')), { maxLength: 3 }).map((members) => parsedObject(members)),
      ),
    }));
    const scalars = fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 2.5, '', 'x', 'xy', '1');
    const orders = fc.constantFrom<unknown>(0, 1, -1, 2.5, '', 'x', 'xy', '1');
    const texts = fc.constantFrom('', 'x', 'y', '1');
    const operators = fc.oneof(
      fc.tuple(fc.constantFrom('$eq', '$ne'), scalars),
      fc.tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), orders),
      fc.tuple(fc.constantFrom('$in', '$nin'), fc.array(scalars, { minLength: 1, maxLength: 3 })),
      fc.tuple(fc.constantFrom('$startsWith', '$endsWith', '$contains'), texts),
      fc.tuple(fc.constant('$exists'), fc.boolean()),
    );
    const paths = fc
      .array(fc.constantFrom('a', 'b', 'c\\.d', 'toString', ''), { minLength: 1, maxLength: 3 })
      .map((steps) => steps.join('.'));
    const condition = fc.oneof(
      scalars,
      fc.array(operators, { minLength: 1, maxLength: 2 }).map((entries) => Object.fromEntries(entries) as object),
    );
    const { filter } = fc.letrec<{ filter: Record<string, unknown> }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 3 },
        fc
          .array(fc.tuple(paths, condition), { minLength: 1, maxLength: 2 })
          .map((entries) => Object.fromEntries(entries) as Record<string, unknown>),
        fc.record({ $not: tie('filter') }),
        fc.record({ $or: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }) }),
        fc.record({ $and: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }) }),
      ),
    }));

    it('does what its description says', () => {
      fc.assert(
        fc.property(filter, payload, (given, content) => {
          expect(flawOfFilter(given)).toBeNull();
          expect(matches(given, content)).toBe(described(given, content));
        }),
        { numRuns: 2_000 },
      );
    });

    it('is refused or understood: it never throws, nor does what was understood', () => {
      const anything = fc.oneof(
        fc.object({ maxDepth: 4 }),
        fc.dictionary(fc.constantFrom('$and', '$or', '$not', 'a'), fc.jsonValue()),
        filter,
      );
      fc.assert(
        fc.property(anything, fc.oneof(payload, fc.jsonValue(), fc.constant(undefined)), (given, content) => {
          if (flawOfFilter(given) === null) expect(typeof matches(given, content)).toBe('boolean');
        }),
        { numRuns: 2_000 },
      );
    });
  });
});

function parsedObject(members: [string, unknown][]): unknown {
  const unique = new Map(members);
  return JSON.parse(`{${[...unique].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`);
}

/** docs/filters.md, sentence by sentence. */
function described(filter: Record<string, unknown>, payload: unknown): boolean {
  return Object.entries(filter).every(([key, value]) => {
    if (key === '$and') return (value as Record<string, unknown>[]).every((part) => described(part, payload));
    if (key === '$or') return (value as Record<string, unknown>[]).some((part) => described(part, payload));
    if (key === '$not') return !described(value as Record<string, unknown>, payload);
    const found = led(
      payload,
      key
        .replaceAll('\\.', '\u0000')
        .split('.')
        .map((step) => step.replaceAll('\u0000', '.')),
    );
    const conditions = typeof value === 'object' && value !== null ? Object.entries(value) : [['$eq', value] as const];
    return conditions.every(([operator, operand]) => holds(operator, operand, found));
  });
}

function led(value: unknown, steps: readonly string[]): unknown[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  const within = Array.isArray(value) ? (value as unknown[]) : [value];
  return within.flatMap((each) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each) || !Object.keys(each).includes(step)) return [];
    return led((each as Record<string, unknown>)[step], rest);
  });
}

function holds(operator: string, operand: unknown, found: readonly unknown[]): boolean {
  if (operator === '$exists') return operand === found.length > 0;
  if (operator === '$ne') return !holds('$eq', operand, found);
  if (operator === '$nin') return !holds('$in', operand, found);
  for (const value of found.flat() as (string | number)[]) {
    const limit = operand as string | number;
    const comparable = typeof value === typeof limit && ['string', 'number'].includes(typeof value);
    if (operator === '$eq' && value === limit) return true;
    if (operator === '$in' && (operand as unknown[]).includes(value)) return true;
    if (operator === '$gt' && comparable && value > limit) return true;
    if (operator === '$gte' && comparable && value >= limit) return true;
    if (operator === '$lt' && comparable && value < limit) return true;
    if (operator === '$lte' && comparable && value <= limit) return true;
    if (typeof value !== 'string' || typeof limit !== 'string') continue;
    if (operator === '$contains' && value.includes(limit)) return true;
    if (operator === '$startsWith' && value.slice(0, limit.length) === limit) return true;
    if (operator === '$endsWith' && (limit === '' || value.slice(-limit.length) === limit)) return true;
  }
  return false;
}
