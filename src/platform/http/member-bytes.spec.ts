import fc from 'fast-check';
import { itemBytes, memberBytes } from './member-bytes';

const bytesOf = (json: string, key: string) => memberBytes(Buffer.from(json)).members.get(key)?.toString();

describe('memberBytes', () => {
  it.each([
    ['big integers', '{"payload":{"n":12345678901234567890}}', '{"n":12345678901234567890}'],
    ['number forms', '{"payload":{"a":1.0,"b":-0,"c":1e400}}', '{"a":1.0,"b":-0,"c":1e400}'],
    ['order of keys', '{"payload":{"b":1,"2":1,"a":1}}', '{"b":1,"2":1,"a":1}'],
    ['escapes', String.raw`{"payload":{"a":"\u0000\ud800\/\"\\"}}`, String.raw`{"a":"\u0000\ud800\/\"\\"}`],
    ['repeated keys inside', '{"payload":{"a":1,"a":2}}', '{"a":1,"a":2}'],
    ['white space inside', '{ "payload" : {\n "a" : [ 1 , 2 ] }\t, "x":1}', '{\n "a" : [ 1 , 2 ] }'],
    ['brackets in strings', '{"payload":{"a":"}]{["},"x":1}', '{"a":"}]{["}'],
    ['unicode', '{"payload":{"ключ":"🦊"}}', '{"ключ":"🦊"}'],
    ['a key with escapes', String.raw`{"pay\u006coad":{"a":1}}`, '{"a":1}'],
    ['scalars', '{"payload": 12 , "x":1}', '12'],
  ])('keeps %s', (_, json, expected) => {
    expect(bytesOf(json, 'payload')).toBe(expected);
  });

  it('names keys that are written twice', () => {
    expect(memberBytes(Buffer.from('{"a":1,"b":2,"a":3}')).repeated).toEqual(['a']);
  });

  it('finds every member of any object, whatever the spacing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, '\t'), (object, indent) => {
        const { members, repeated } = memberBytes(Buffer.from(JSON.stringify(object, null, indent)));
        expect(repeated).toEqual([]);
        expect([...members.keys()].sort()).toEqual(Object.keys(object).sort());
        for (const [key, bytes] of members) expect(JSON.stringify(JSON.parse(bytes.toString()))).toBe(JSON.stringify(object[key]));
      }),
    );
  });
});

describe('itemBytes', () => {
  it.each([
    ['[]', []],
    [' [ ] ', []],
    ['[1]', ['1']],
    ['[ {"a":[1,2]} , "x]," ,\n[ ] ]', ['{"a":[1,2]}', '"x],"', '[ ]']],
  ])('takes %s apart', (json, items) => {
    expect(itemBytes(Buffer.from(json)).map(String)).toEqual(items);
  });

  it('finds every item of any array, whatever the spacing', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1, '\t'), (array, indent) => {
        const items = itemBytes(Buffer.from(JSON.stringify(array, null, indent)));
        expect(items.map((item) => JSON.stringify(JSON.parse(item.toString())))).toEqual(array.map((item) => JSON.stringify(item)));
      }),
    );
  });
});
