import { QuickJsTransformer } from './quickjs-transformer';
import { describeTransformer } from './testing/transformer.contract';
import type { TransformationCall, TransformationFlaw } from './transformer';

const ENDLESS_BUILTIN = 'function handler() { return [].indexOf.call({ length: 2 ** 53 - 1 }, 1); }';
const UNTOUCHED = 'function handler(webhook) { return webhook; }';

/** All that there is beside kinds of lists and errors. */
const LANGUAGE =
  `ArrayBuffer BigInt Boolean DataView Date FinalizationRegistry Function Infinity Iterator JSON Map Math NaN Number Object Promise
  Proxy Reflect RegExp Set SharedArrayBuffer String Symbol WeakMap WeakRef WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent
  escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape`.split(/\s+/);

let transformer: QuickJsTransformer;
beforeAll(() => {
  transformer = new QuickJsTransformer();
});
afterAll(() => transformer.onApplicationShutdown());

const call = (code: string, { tenant = 'org_1', payload = '{"n":1}' } = {}): TransformationCall => ({
  tenant,
  code,
  request: { method: 'POST', url: 'https://example.com/', headers: {}, eventType: 'a', variables: {} },
  payload: Buffer.from(payload),
});
const run = (code: string, options?: { tenant?: string; payload?: string }) => transformer.transform(call(code, options));
/** What an expression is in there. */
const valueOf = async (expression: string) => {
  const result = await run(`function handler(webhook) { webhook.payload = String(${expression}); return webhook; }`);
  return result.kind === 'returned' ? result.payload.toString() : JSON.stringify(result);
};

describeTransformer('QuickJsTransformer', () => transformer, {
  nothing: UNTOUCHED,
  allOfIt: `const handler = ({ payload, eventType, variables }) => ({
    method: 'PUT', url: 'https://example.org/a', headers: { 'X-Token': variables.token }, payload: { n: payload.n + 1, type: eventType } });`,
  cancels: 'async function handler(webhook) { webhook.cancel = true; return webhook; }',
  throws: 'function handler() { throw new TypeError("no"); }',
  isNoCode: 'function handler( {',
  returnsNothing: 'function handler() {}',
  dropsPayload: 'function handler(webhook) { webhook.payload = () => 1; return webhook; }',
  tooMuch: 'function handler(webhook) { webhook.payload = "x".repeat(1048577); return webhook; }',
  neverEnds: 'function handler() { for (;;); }',
});

describe('QuickJsTransformer', () => {
  it.each<[string, TransformationFlaw, string]>([
    ['a loop that catches its end', 'timeout', 'for (;;) { try { for (;;); } catch {} finally { continue; } }'],
    ['a generator without end', 'timeout', 'for (const x of (function* () { for (;;) yield 1; })());'],
    ['an endless chain of promises', 'timeout', 'return (async () => { for (;;) await 1; })();'],
    ['a promise that is never settled', 'invalid', 'return new Promise(() => {});'],
    ['a promise that is rejected', 'error', 'return Promise.reject(new Error("no"));'],
    ['a regular expression that tries everything', 'timeout', '/^(a+)+$/.test("a".repeat(64) + "b");'],
    ['a list without end', 'memory', 'const all = []; for (;;) all.push("x".repeat(100000) + all.length);'],
    ['buffers without end', 'memory', 'const all = []; for (;;) all.push(new ArrayBuffer(1 << 22));'],
    ['a string without end', 'memory', 'let all = "x"; for (;;) all += all;'],
    ['a string of a gigabyte', 'memory', '"x".repeat(1e9);'],
    ['a list of four billion', 'memory', 'new Array(2 ** 32 - 1).fill(0);'],
    ['recursion', 'memory', 'const deeper = () => deeper() + 1; deeper();'],
    ['an expression as deep as a well', 'memory', 'eval("(".repeat(100000) + "1" + ")".repeat(100000));'],
    [
      'a payload as deep as a well',
      'memory',
      'let o = {}; for (let i = 0; i < 100000; i++) o = { o }; webhook.payload = o; return webhook;',
    ],
    ['a getter that never returns', 'timeout', 'return { get url() { for (;;); }, payload: {} };'],
    ['a getter that throws', 'error', 'return { get payload() { throw new Error("trap"); } };'],
    [
      'toJSON that gives itself back',
      'memory',
      'const o = { toJSON() { return { o: { toJSON: this.toJSON } }; } }; return { payload: o };',
    ],
    ['a circle', 'error', 'webhook.payload.self = webhook.payload; return webhook;'],
    ['a proxy that answers everything', 'timeout', 'return new Proxy({}, { get() { for (;;); } });'],
    ['an error that cannot be described', 'error', 'throw { get message() { throw this; }, get name() { throw this; } };'],
    ['an error with much to say', 'error', 'throw new Error("x".repeat(1e6));'],
    ['headers without end', 'too_large', 'return { payload: 1, headers: { a: "x".repeat(1e5) } };'],
    ['a bigint', 'error', 'return { payload: 1n };'],
    ['a module', 'error', 'return require("fs");'],
    ['an import', 'error', 'return import("node:fs");'],
    ['the process', 'error', 'return { payload: process.env };'],
    ['a request of its own', 'error', 'return fetch("http://127.0.0.1/");'],
    ['a timer', 'error', 'setTimeout(() => {}, 1);'],
  ])('is not harmed by %s', async (_what, flaw, body) => {
    const result = await run(`function handler(webhook) { ${body} }`);
    expect(result).toMatchObject({ kind: 'failed', message: expect.stringMatching(/^[^]{1,500}$/) as string });
    // Whoever fills the memory on a busy machine may run out of time first.
    expect(flaw === 'memory' ? ['memory', 'timeout'] : [flaw]).toContain(result.kind === 'failed' && result.flaw);
  });

  it('ends what the interpreter does not interrupt', async () => {
    expect(await run(ENDLESS_BUILTIN)).toMatchObject({ kind: 'failed', flaw: 'timeout' });
    expect(await run(UNTOUCHED)).toMatchObject({ kind: 'returned' });
  });

  it('shows nothing but the language', async () => {
    const names = (await valueOf('Object.getOwnPropertyNames(globalThis)')).split(',');
    const ofTheLanguage = new Set([...LANGUAGE, ...names.filter((name) => /^([A-Z]\w*)?(Array|Error)$/.test(name))]);
    expect(names.filter((name) => !ofTheLanguage.has(name))).toEqual(['handler']);
    const doors = 'typeof process, typeof require, typeof fetch, typeof setTimeout, typeof WebAssembly, typeof Worker';
    expect(await valueOf(`[...new Set([${doors}])]`)).toBe('undefined');
    expect(await valueOf('this.constructor.constructor("return typeof process")()')).toBe('undefined');
  });

  it('leaves nothing behind for the next run', async () => {
    const dirt = `Object.prototype.leak = 1; globalThis.leak = 1; Array.prototype.map = JSON.parse = JSON.stringify = () => 'leak';
      function handler(webhook) { webhook.payload.dirty = true; return webhook; }`;
    expect(await run(dirt)).toMatchObject({ kind: 'returned', payload: Buffer.from('{"n":1,"dirty":true}') });
    expect(await valueOf('[typeof leak, ({}).leak, [1].map(String)]')).toBe('undefined,,1');
    expect(({} as { leak?: unknown }).leak).toBeUndefined();
  });

  it('tells the author where it failed', async () => {
    expect(await run('function handler(webhook) {\n  return webhook.payload.order.id;\n}')).toMatchObject({
      message: "TypeError: cannot read property 'id' of undefined (line 2)",
    });
    expect(await transformer.check('org_1', 'let a = 1;\nfunction (')).toMatchObject({
      message: expect.stringContaining('line 2') as string,
    });
    expect(await transformer.check('org_1', 'const other = 1;')).toMatchObject({ message: 'There is no function called handler.' });
  });

  it('lets tenants take turns', async () => {
    const ended: string[] = [];
    const note = (who: string, code: string) => run(code, { tenant: who }).then(() => ended.push(who));
    const greedy = Array.from({ length: 12 }, () => note('greedy', 'function handler() { for (;;); }'));
    const modest = [note('modest', UNTOUCHED), note('modest', UNTOUCHED)];
    await Promise.all([...greedy, ...modest]);
    expect(ended.lastIndexOf('modest')).toBeLessThan(10);
  });

  it('lets nobody fill the memory with what waits', async () => {
    const results = await Promise.all(Array.from({ length: 210 }, () => run(UNTOUCHED)));
    const refused = results.filter(({ kind }) => kind === 'failed');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(10);
    expect(refused[0]).toMatchObject({ flaw: 'timeout', message: 'Too much of it waits: try again later.' });
  });
});
