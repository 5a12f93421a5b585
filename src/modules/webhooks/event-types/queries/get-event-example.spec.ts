import { exampleOf } from './get-event-example';

describe('the example of an event type', () => {
  it('is the first one of version 1, whatever the others have', () => {
    expect(exampleOf({ 1: { examples: [{ a: 1 }, { a: 2 }] }, 2: { examples: [{ b: 1 }] } })).toEqual({ a: 1 });
  });

  it('is another one when that is asked for', () => {
    expect(exampleOf({ 1: { examples: [{ a: 1 }, { a: 2 }] } }, 1)).toEqual({ a: 2 });
    expect(exampleOf({ 1: { examples: [{ a: 1 }, { a: 2 }] } }, 2)).toBeNull();
  });

  it('is that of the highest version that has one, when version 1 has none', () => {
    expect(exampleOf({ 1: {}, 2: { examples: [{ b: 2 }] }, 10: { examples: [{ c: 3 }] }, 11: { type: 'object' } })).toEqual({ c: 3 });
  });

  it.each([
    {},
    { 1: true },
    { 1: { examples: [] } },
    { 1: { examples: 'none' } },
    { 1: { examples: [null] } },
    { 1: { examples: [[1], 'text'] } },
  ])('is missing in %j', (schemas) => {
    expect(exampleOf(schemas)).toBeNull();
  });
});
