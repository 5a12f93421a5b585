import { compileSchema, flawOfSchemas, latestSchema } from './payload-schema';

const flawOf = (schema: unknown) => flawOfSchemas({ 1: schema })?.message;
const problemsOf = (schema: unknown, payload: unknown) => compileSchema(schema)(Buffer.from(JSON.stringify(payload)));

/** Each level asks twice for the next: 2^30 questions. */
const twice = (level: number) => ({ allOf: [{ $ref: `#/$defs/d${level}` }, { $ref: `#/$defs/d${level}` }] });
const LEVELS = Array.from({ length: 30 }, (_, level) => [`d${level}`, twice(level + 1)] as const);
const BOMB = { $defs: { ...Object.fromEntries(LEVELS), d30: { type: 'object' } }, ...twice(0) };

describe('schemas of payloads', () => {
  it.each<[string, unknown]>([
    ['true', true],
    ['the empty one', {}],
    ['2020-12 by name', { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{}] }],
    ['draft 7 by name', { $schema: 'http://json-schema.org/draft-07/schema#', items: [{}], definitions: { a: {} } }],
    ['words of OpenAPI', { type: 'string', nullable: true, example: 'x', format: 'made-up', 'x-own': 1 }],
    ['an id', { $id: 'https://example.com/a', $defs: { a: { type: 'string' } }, properties: { a: { $ref: '#/$defs/a' } } }],
    ['recursion', { properties: { child: { $ref: '#' } } }],
    ['patterns', { patternProperties: { '^x-': true }, pattern: '^[a-z]+$' }],
    ['a property called pattern', { properties: { pattern: { type: 'string' } }, examples: [{ pattern: '(a+)+$' }] }],
  ])('are taken: %s', (_, schema) => {
    expect(flawOf(schema)).toBeUndefined();
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown type', { type: 'text' }, /^is not a JSON Schema: schema\/type must be/],
    ['a keyword of a wrong type', { required: 'a' }, /^is not a JSON Schema/],
    ['a list of items in 2020-12', { items: [{}] }, /^is not a JSON Schema/],
    ['another dialect', { $schema: 'http://json-schema.org/draft-04/schema#' }, /2020-12 or draft 7/],
    ['what is elsewhere', { $ref: 'https://example.com/schema.json' }, /can't resolve reference/],
    ['what is not there', { $ref: '#/$defs/none' }, /can't resolve reference/],
    ['a slow pattern', { properties: { a: { pattern: '(a+)+$' } } }, /take for ever/],
    ['a slow pattern of names', { allOf: [{ patternProperties: { '(x*)*y': {} } }] }, /take for ever/],
    ['what is no pattern', { pattern: '(' }, /pattern/],
    ['NUL', { title: 'a\0' }, /NUL/],
    ['NUL in a name', { properties: { 'a\0': {} } }, /NUL/],
    ['a promise', { $async: true }, /asynchronous/],
  ])('are refused: %s', (_, schema, message) => {
    expect(flawOf(schema)).toMatch(message);
  });

  it('says which version is wrong', () => {
    expect(flawOfSchemas({ 1: {}, 2: { type: 'text' }, 3: {} })).toMatchObject({ version: '2' });
  });

  it('holds messages to the highest version', () => {
    expect(latestSchema({ 9: { title: 'nine' }, 10: { title: 'ten' } })).toEqual({ title: 'ten' });
    expect(latestSchema({})).toBe(true);
  });
});

describe('a payload', () => {
  const INVOICE = {
    type: 'object',
    required: ['id', 'lines'],
    additionalProperties: false,
    properties: {
      id: { type: 'string', format: 'uuid' },
      lines: { type: 'array', items: { type: 'object', properties: { 'a/b~c': { type: 'integer' } } } },
    },
  };

  it('that fits has no problem', () => {
    expect(problemsOf(INVOICE, { id: '9b2f0c1e-7a53-4c1c-8f0a-0d6c5d2b3e4f', lines: [{ 'a/b~c': 1 }] })).toEqual([]);
  });

  it('is told every place where it does not, by a JSON Pointer', () => {
    expect(problemsOf(INVOICE, { id: 'x', lines: [{}, { 'a/b~c': 'y' }], more: 1 })).toEqual([
      { pointer: '', message: 'must NOT have additional properties: more' },
      { pointer: '/id', message: 'must match format "uuid"' },
      { pointer: '/lines/1/a~1b~0c', message: 'must be integer' },
    ]);
    expect(problemsOf(INVOICE, {})).toEqual([
      { pointer: '', message: "must have required property 'id'" },
      { pointer: '', message: "must have required property 'lines'" },
    ]);
  });

  it('has no property that it only inherits', () => {
    expect(problemsOf({ required: ['constructor'] }, {})).toHaveLength(1);
  });

  it('that is no JSON does not fit', () => {
    expect(compileSchema({})(Buffer.from('<xml/>'))).toEqual([{ pointer: '', message: 'is not JSON' }]);
  });

  it('that takes too long, or is too deep, does not fit, and stops nobody', () => {
    expect(problemsOf(BOMB, {})).toEqual([{ pointer: '', message: 'takes too long to check' }]);
    const deep = '{"a":'.repeat(100_000) + '{}' + '}'.repeat(100_000);
    expect(compileSchema({ properties: { a: { $ref: '#' } } })(Buffer.from(deep))).toEqual([
      { pointer: '', message: expect.stringMatching(/too deep|too long/) },
    ]);
  });
});
