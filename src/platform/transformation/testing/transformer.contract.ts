import { MAX_TRANSFORMED_BYTES, type TransformationCall, type Transformer } from '../transformer';

/** Code in the language of an implementation, each doing what its name says. */
export type TransformerSamples = Readonly<
  Record<'nothing' | 'allOfIt' | 'cancels' | 'throws' | 'isNoCode' | 'returnsNothing' | 'dropsPayload' | 'tooMuch' | 'neverEnds', string>
>;

const PAYLOAD = '{ "big": 12345678901234567890, "b": 1 }';

/** Every implementation of the port must pass this, and is held to it by `describeTransformer('MyTransformer', …)` in a spec of its own. */
export function describeTransformer(name: string, open: () => Transformer, samples: TransformerSamples): void {
  const call = (sample: keyof TransformerSamples, payload = PAYLOAD): TransformationCall => ({
    tenant: 'org_1',
    code: samples[sample],
    request: { method: 'POST', url: 'https://example.com/', headers: { 'X-Team': 'blue' }, eventType: 'a', variables: { token: 'abc' } },
    payload: Buffer.from(payload),
  });
  const run = (sample: keyof TransformerSamples, payload?: string) => open().transform(call(sample, payload));

  describe(`${name} as a Transformer`, () => {
    it('gives back the very bytes of a payload that is left as it is', async () => {
      const returned = {
        kind: 'returned',
        request: { method: 'POST', url: 'https://example.com/', headers: { 'X-Team': 'blue' }, cancel: false },
      };
      for (const payload of [PAYLOAD, 'no JSON, and\0 a NUL', ''])
        expect(await run('nothing', payload)).toMatchObject({ ...returned, payload: Buffer.from(payload) });
    });

    it('gives back what the code made of all that it was given', async () => {
      const request = { method: 'PUT', url: 'https://example.org/a', headers: { 'X-Token': 'abc' }, cancel: false };
      expect(await run('allOfIt', '{"n":1}')).toEqual({ kind: 'returned', request, payload: Buffer.from('{"n":2,"type":"a"}') });
    });

    it('says when nothing is to be sent', async () => {
      expect(await run('cancels')).toMatchObject({ kind: 'returned', request: { cancel: true } });
    });

    it.each([
      ['throws', 'error'],
      ['isNoCode', 'error'],
      ['returnsNothing', 'invalid'],
      ['dropsPayload', 'invalid'],
      ['tooMuch', 'too_large'],
      ['neverEnds', 'timeout'],
    ] as const)('ends code that %s as a failure, and runs what comes after it', async (sample, flaw) => {
      const failed = await run(sample, `"${'x'.repeat(1_000)}"`);
      expect(failed).toMatchObject({ kind: 'failed', flaw, message: expect.stringMatching(/^[^]{1,500}$/) as string });
      expect(await run('nothing')).toMatchObject({ kind: 'returned' });
    });

    it('takes and gives as much as may be sent', async () => {
      const payload = JSON.stringify('x'.repeat(MAX_TRANSFORMED_BYTES - 2));
      const outcome = await run('nothing', payload);
      // Not by a matcher: it would compare the bytes one by one.
      expect(outcome.kind === 'returned' && outcome.payload.equals(Buffer.from(payload))).toBe(true);
    });

    it('judges code before it is kept', async () => {
      expect(await open().check('org_1', samples.throws)).toBeNull();
      expect(await open().check('org_1', samples.isNoCode)).toMatchObject({ kind: 'failed', flaw: 'error' });
    });

    it('ends at a signal', async () => {
      const controller = new AbortController();
      const ended = open().transform(call('neverEnds'), controller.signal);
      controller.abort();
      expect(await ended).toEqual({ kind: 'aborted' });
      expect(await open().transform(call('nothing'), controller.signal)).toEqual({ kind: 'aborted' });
    });
  });
}
