import { parse } from 'node:querystring';
import { z } from 'zod';
import { queryBoolean, queryList, withQueryLists } from './query-values';

describe('values in query strings', () => {
  const schema = withQueryLists(['event_types'], z.object({ limit: z.string().optional(), event_types: queryList(z.string().min(1)) }));

  it.each([
    'event_types=a%2Cb',
    'event_types=a&event_types=b',
    'event_types[]=a&event_types[]=b',
    'event_types[0]=a&event_types[1]=b',
    'event_types=a&event_types[]=b',
  ])('reads the list %s', (query) => {
    expect(schema.parse({ ...parse(`${query}&limit=5`) })).toEqual({ limit: '5', event_types: ['a', 'b'] });
  });

  it('leaves out a list that is not given, and refuses empty members', () => {
    expect(schema.parse({})).toEqual({});
    expect(schema.safeParse({ event_types: '' }).success).toBe(false);
    expect(schema.safeParse({ event_types: 'a,,b' }).success).toBe(false);
  });

  it('is documented as the object behind it', () => {
    expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({ type: 'object', properties: { event_types: { type: 'array' } } });
  });

  it('reads true and false, and nothing else', () => {
    expect([queryBoolean.parse('true'), queryBoolean.parse('false')]).toEqual([true, false]);
    expect(['1', 'TRUE', '', ['true', 'false']].map((value) => queryBoolean.safeParse(value).success)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
