/** Whether the payload of a message, parsed, is one that an endpoint wants. Never throws. */
export type ContentTest = (payload: unknown) => boolean;

/** Where a filter is wrong: names of members and places in lists, from the outside in. */
export type FilterFlaw = { readonly path: readonly (string | number)[]; readonly message: string };

type Scalar = string | number | boolean | null;
type Place = FilterFlaw['path'];
/** Of the values that a path leads to. */
type ValuesTest = (values: readonly unknown[]) => boolean;

/** How deep `$and`, `$or` and `$not` may lie in each other. */
const MAX_DEPTH = 5;
const MAX_CONDITIONS = 50;
const MAX_CHOICES = 100;
const MAX_LENGTH = 8_192;
/** Of the values that a path leads to, so many are looked at: a payload must not decide how long that takes. */
const MAX_VALUES = 1_000;

class Flaw extends Error {
  constructor(
    readonly path: Place,
    message: string,
  ) {
    super(message);
  }
}

/** Why this is no filter, or null. */
export function flawOfFilter(filter: object): FilterFlaw | null {
  try {
    compileFilter(filter);
    // Only now: what was compiled is not nested deeply.
    return JSON.stringify(filter).length > MAX_LENGTH
      ? { path: [], message: `must not be longer than ${MAX_LENGTH} characters of JSON` }
      : null;
  } catch (error) {
    if (error instanceof Flaw) return error;
    throw error;
  }
}

/** The language is described in docs/filters.md. @throws where `flawOfFilter` finds something */
export function compileFilter(filter: object): ContentTest {
  const test = new Compiler().filter(filter, [], 0);
  return (payload) => payload !== undefined && test(payload);
}

/** The payload as filters see it; undefined when it is not JSON, which no filter matches. */
export function parsedPayload(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}

class Compiler {
  private conditions = 0;

  filter(filter: unknown, at: Place, depth: number): ContentTest {
    if (!isObject(filter)) throw new Flaw(at, 'must be an object');
    if (depth > MAX_DEPTH) throw new Flaw(at, `must not be nested more than ${MAX_DEPTH} times`);
    const parts = Object.entries(filter).map(([key, value]) => this.member(key, value, [...at, key], depth));
    if (parts.length === 0) throw new Flaw(at, 'must not be empty');
    return (payload) => parts.every((part) => part(payload));
  }

  private member(key: string, value: unknown, at: Place, depth: number): ContentTest {
    if (key === '$and' || key === '$or') {
      const parts = listOf(value, at, MAX_CONDITIONS).map((part, i) => this.filter(part, [...at, i], depth + 1));
      return key === '$and' ? (payload) => parts.every((part) => part(payload)) : (payload) => parts.some((part) => part(payload));
    }
    if (key === '$not') {
      const part = this.filter(value, at, depth + 1);
      return (payload) => !part(payload);
    }
    if (key.startsWith('$')) throw new Flaw(at, 'is not known here: $and, $or and $not are, and paths');
    if (key === '__proto__') throw new Flaw(at, 'cannot be a path');
    const steps = key.split(/(?<!\\)\./).map((step) => step.replaceAll('\\.', '.'));
    const test = this.condition(value, at);
    return (payload) => test(valuesAt(payload, steps));
  }

  private condition(value: unknown, at: Place): ValuesTest {
    if (Array.isArray(value)) throw new Flaw(at, 'must not be a list: use $in');
    const operators = Object.entries(isObject(value) ? value : { $eq: value });
    if (operators.length === 0) throw new Flaw(at, 'must not be empty');
    const tests = operators.map(([name, operand]) => this.operator(name, operand, isObject(value) ? [...at, name] : at));
    return (values) => tests.every((test) => test(values));
  }

  private operator(name: string, operand: unknown, at: Place): ValuesTest {
    if (++this.conditions > MAX_CONDITIONS) throw new Flaw(at, `must not be one of more than ${MAX_CONDITIONS} conditions`);
    const make = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (make) return make(operand, at);
    if (name.startsWith('$')) throw new Flaw(at, `is not an operator: ${Object.keys(OPERATORS).join(', ')} are`);
    throw new Flaw(at, 'must not be inside another path: write both as one path, with a dot between them');
  }
}

/** One of the values, or of the elements of one that is a list. */
const some =
  (test: (value: unknown) => boolean): ValuesTest =>
  (values) =>
    elementsOf(values).some(test);
const none =
  (test: (value: unknown) => boolean): ValuesTest =>
  (values) =>
    !elementsOf(values).some(test);

type MakeOperator = (operand: unknown, at: Place) => ValuesTest;

/** Text with text, numbers with numbers. */
function compares(holds: (a: string | number, b: string | number) => boolean): MakeOperator {
  return (operand, at) => {
    const limit = scalarOf(operand, at);
    if (typeof limit !== 'string' && typeof limit !== 'number') throw new Flaw(at, 'must be a number or a string');
    return some((value) => typeof value === typeof limit && holds(value as typeof limit, limit));
  };
}

function ofText(holds: (value: string, part: string) => boolean): MakeOperator {
  return (part, at) => {
    if (typeof part !== 'string') throw new Flaw(at, 'must be a string');
    return some((value) => typeof value === 'string' && holds(value, part));
  };
}

function equals(operand: unknown, at: Place): (value: unknown) => boolean {
  const wanted = scalarOf(operand, at);
  return (value) => value === wanted;
}

function isAmong(operand: unknown, at: Place): (value: unknown) => boolean {
  const choices = new Set<unknown>(listOf(operand, at, MAX_CHOICES).map((choice, i) => scalarOf(choice, [...at, i])));
  return (value) => choices.has(value);
}

const OPERATORS: Readonly<Record<string, MakeOperator>> = {
  $eq: (operand, at) => some(equals(operand, at)),
  $ne: (operand, at) => none(equals(operand, at)),
  $in: (operand, at) => some(isAmong(operand, at)),
  $nin: (operand, at) => none(isAmong(operand, at)),
  $gt: compares((a, b) => a > b),
  $gte: compares((a, b) => a >= b),
  $lt: compares((a, b) => a < b),
  $lte: compares((a, b) => a <= b),
  $startsWith: ofText((value, part) => value.startsWith(part)),
  $endsWith: ofText((value, part) => value.endsWith(part)),
  $contains: ofText((value, part) => value.includes(part)),
  $exists: (wanted, at) => {
    if (typeof wanted !== 'boolean') throw new Flaw(at, 'must be true or false');
    return (values) => values.length > 0 === wanted;
  },
};

/** What a path leads to: through a list it goes by each of the elements. */
function valuesAt(payload: unknown, steps: readonly string[]): readonly unknown[] {
  let values: readonly unknown[] = [payload];
  for (const step of steps)
    values = elementsOf(values).flatMap((value) => (isObject(value) && Object.hasOwn(value, step) ? [value[step]] : []));
  return values;
}

function elementsOf(values: readonly unknown[]): readonly unknown[] {
  return values.flatMap((value) => (Array.isArray(value) ? (value.slice(0, MAX_VALUES) as unknown[]) : [value])).slice(0, MAX_VALUES);
}

function listOf(value: unknown, at: Place, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new Flaw(at, 'must be a list');
  if (value.length === 0 || value.length > max) throw new Flaw(at, `must have 1 to ${max} elements`);
  return value;
}

function scalarOf(value: unknown, at: Place): Scalar {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  // What is too large for a number is Infinity once it is parsed.
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Flaw(at, 'must be a string, a number, true, false or null');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
