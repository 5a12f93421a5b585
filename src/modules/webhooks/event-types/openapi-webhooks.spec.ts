import { InvalidField } from '../../../platform/errors/domain-error';
import { MAX_WEBHOOKS, parseDocument, webhooksOf } from './openapi-webhooks';
import { flawOfSchemas } from './payload-schema';

const AT = ['body', 'spec'];
const post = (schema: unknown, more: object = {}) => ({ post: { requestBody: { content: { 'application/json': { schema } } }, ...more } });
const document = (webhooks: object, more: object = {}) => ({ openapi: '3.1.0', info: {}, webhooks, ...more });
const components = (schemas: object) => ({ components: { schemas } });
const eventTypes = (spec: unknown) => webhooksOf(spec, AT).map(({ eventType }) => eventType);
const schemaOf = (spec: unknown) => eventTypes(spec)[0]!.schemas?.['1'];

function refusal(work: () => unknown): { loc: unknown; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidField) return { loc: error.loc, message: error.message };
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('webhooks of an OpenAPI document', () => {
  it('become event types by their names, with what is said of them', () => {
    const flags = { 'x-svix-feature-flags': ['beta'], 'x-svix-group-name': 'pets' };
    const webhooks = { 'pet.new': post({ type: 'object' }, { description: 'Born', summary: 'B', deprecated: true, ...flags }) };
    expect(webhooksOf(document(webhooks), AT)).toEqual([
      {
        loc: [...AT, 'webhooks', 'pet.new'],
        eventType: {
          name: 'pet.new',
          description: 'Born',
          deprecated: true,
          schemas: { 1: { type: 'object' } },
          groupName: 'pets',
          featureFlags: ['beta'],
        },
      },
    ]);
  });

  it('may be in x-webhooks, have no body, be referred to, or use another media type', () => {
    const spec = {
      openapi: '3.0.3',
      'x-webhooks': { bare: { post: { summary: 'Bare' } }, referred: { $ref: '#/components/pathItems/it' } },
      components: {
        pathItems: { it: { summary: 'It', put: { requestBody: { $ref: '#/components/requestBodies/b' }, 'x-svix-feature-flag': 'a' } } },
        requestBodies: { b: { content: { 'text/plain': {}, 'application/vnd.a+json': { schema: { type: 'string' }, example: 'x' } } } },
      },
    };
    expect(eventTypes(spec)).toMatchObject([
      { name: 'bare', description: 'Bare', schemas: null, featureFlags: undefined },
      { name: 'referred', description: 'It', schemas: { 1: { type: 'string', examples: ['x'] } }, featureFlags: ['a'] },
    ]);
  });

  it('bring along what their schemas refer to, recursion too, and nothing else', () => {
    const spec = document(
      { a: post({ $ref: '#/components/schemas/Tree' }) },
      components({
        Tree: {
          type: 'object',
          properties: {
            children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } },
            $ref: { $ref: '#/components/schemas/a~1b%20c' },
          },
        },
        'a/b c': { type: 'integer' },
        Unused: { type: 'string' },
      }),
    );
    const tree = {
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#/$defs/Tree' } }, $ref: { $ref: '#/$defs/a_1b_20c' } },
    };
    expect(schemaOf(spec)).toEqual({ ...tree, $defs: { Tree: tree, a_1b_20c: { type: 'integer' } } });
    expect(flawOfSchemas({ 1: schemaOf(spec) })).toBeNull();
  });

  it('follow references to references, and tell definitions of the same name apart', () => {
    const spec = document(
      { a: post({ allOf: [{ $ref: '#/components/schemas/Alias' }, { $ref: '#/components/other/Name' }] }) },
      {
        components: {
          schemas: { Alias: { $ref: '#/components/schemas/Name' }, Name: { type: 'object' } },
          other: { Name: { minProperties: 1 } },
        },
      },
    );
    expect(schemaOf(spec)).toEqual({
      allOf: [{ $ref: '#/$defs/Name' }, { $ref: '#/$defs/Name_2' }],
      $defs: { Name: { type: 'object' }, Name_2: { minProperties: 1 } },
    });
  });

  it('of 3.0 are translated to JSON Schema', () => {
    const schema = {
      type: 'object',
      example: { n: 1 },
      properties: {
        n: { type: 'number', nullable: true, minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
        nullable: { nullable: true, allOf: [{ type: 'string' }] },
        example: { type: 'string', discriminator: { propertyName: 'x' } },
      },
    };
    const translated = schemaOf({ ...document({ a: post(schema) }), openapi: '3.0.0' });
    expect(translated).toEqual({
      type: 'object',
      examples: [{ n: 1 }],
      properties: {
        n: { type: ['number', 'null'], exclusiveMinimum: 0, maximum: 9 },
        nullable: { anyOf: [{ allOf: [{ type: 'string' }] }, { type: 'null' }] },
        example: { type: 'string' },
      },
    });
    expect(flawOfSchemas({ 1: translated })).toBeNull();
  });

  it.each<[string, unknown, (string | number)[], RegExp]>([
    ['no object', [], [], /object/],
    ['another format', { swagger: '2.0' }, ['openapi'], /3\.0 or 3\.1/],
    ['no webhooks', { openapi: '3.1.0' }, ['webhooks'], /missing/],
    ['a list of webhooks', document([]), ['webhooks'], /object/],
    ['no operation', document({ a: {} }), ['webhooks', 'a'], /no operation/],
    [
      'another document',
      document({ a: post({ $ref: 'https://example.com/a.json#/b' }) }),
      ['webhooks', 'a', 'requestBody'],
      /fetched: https/,
    ],
    ['a file', document({ a: { $ref: 'file:///etc/passwd' } }), ['webhooks', 'a'], /fetched: file/],
    ['an anchor', document({ a: post({ items: { $ref: '#anchor' } }) }), ['webhooks', 'a', 'requestBody'], /JSON Pointer/],
    ['what is not there', document({ a: post({ $ref: '#/components/schemas/B' }) }), ['webhooks', 'a', 'requestBody'], /not there/],
    ['the prototype', document({ a: post({ $ref: '#/constructor' }) }), ['webhooks', 'a', 'requestBody'], /not there/],
    ['a circle', document({ a: { $ref: '#/webhooks/b' }, b: { $ref: '#/webhooks/a' } }), ['webhooks', 'a'], /itself/],
    [
      'a circle of schemas',
      document({ a: post({ items: { $ref: '#/x/a' } }) }, { x: { a: { $ref: '#/x/b' }, b: { $ref: '#/x/a' } } }),
      ['webhooks', 'a', 'requestBody'],
      /itself/,
    ],
    ['too many', document(Object.fromEntries(Array.from({ length: MAX_WEBHOOKS + 1 }, (_, n) => [`w${n}`, {}]))), ['webhooks'], /1000/],
  ])('are refused with the place: %s', (_, spec, at, message) => {
    expect(refusal(() => webhooksOf(spec, AT))).toEqual({ loc: [...AT, ...at], message: expect.stringMatching(message) });
  });

  it('that share a large schema a thousand times are refused', () => {
    const Shared = { type: 'string', description: 'x'.repeat(200_000) };
    const webhooks = Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [`w${n}`, post({ items: { $ref: '#/components/schemas/Shared' } })]),
    );
    expect(refusal(() => webhooksOf(document(webhooks, components({ Shared })), AT)).message).toMatch(/all schemas together/);
    const large = components({ Shared: { ...Shared, title: 'y'.repeat(100_000) } });
    expect(refusal(() => webhooksOf(document(webhooks, large), AT)).message).toMatch(/larger than 262144/);
  });

  it('that refer to each other in a long line are read', () => {
    const line = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`d${n}`, { items: { $ref: `#/x/d${n + 1}` } }]));
    const spec = document({ a: post({ items: { $ref: '#/x/d0' } }) }, { x: { ...line, d5000: {} } });
    expect(Object.keys((schemaOf(spec) as { $defs: object }).$defs)).toHaveLength(5_001);
  });

  it('that are nested without end are refused', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as unknown;
    expect(refusal(() => webhooksOf(document({ a: post(deep) }), AT)).message).toMatch(/200 levels/);
  });
});

describe('a document as text', () => {
  const read = (text: string) => eventTypes(parseDocument(text, ['body', 'specRaw']));

  it('is JSON or YAML', () => {
    const json = JSON.stringify(document({ 'a.b': post({ type: 'object' }) }));
    const yaml = `
      openapi: 3.1.0
      x-base: &base { summary: Base }
      webhooks:
        a.b:
          post:
            <<: *base
            requestBody: { content: { application/json: { schema: { type: object } } } }`;
    expect(read(json)).toMatchObject([{ name: 'a.b', schemas: { 1: { type: 'object' } } }]);
    expect(read(yaml)).toMatchObject([{ name: 'a.b', description: 'Base', schemas: { 1: { type: 'object' } } }]);
  });

  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, n) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefghi'[n]!}`).join()}]`),
  ];

  it.each<[string, string, RegExp]>([
    ['neither', '{"a": [', /neither JSON nor YAML/],
    ['a tab', 'a:\n\t- b', /neither JSON nor YAML/],
    ['a repeated key', 'a: 1\na: 2', /unique/],
    ['two documents', 'a: 1\n---\nb: 2', /neither JSON nor YAML/],
    ['an alias of nothing', 'a: *b', /neither JSON nor YAML/],
    ['a bomb of aliases', bomb.join('\n'), /alias/i],
    ['a large thing shared', `openapi: 3.1.0\na: &a ["${'x'.repeat(100_000)}"]\nb: [${'*a,'.repeat(1_000)}]`, /aliases written out|alias/i],
    ['a circle', 'openapi: 3.1.0\na: &a\n  b: *a', /levels|alias|neither/i],
    ['depth', '['.repeat(100_000), /neither|levels|too long/],
    ['nothing', '', /object/],
  ])('that is %s is refused', (_, text, message) => {
    expect(refusal(() => read(text)).message).toMatch(message);
  });
});
