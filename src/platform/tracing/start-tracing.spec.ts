import { SpanKind } from '@opentelemetry/api';
import { startTracing, type TracingSettings } from './start-tracing';
import { readTraceContext } from './trace-context';
import { isTracing, startSpan } from './tracer';

const SETTINGS: TracingSettings = {
  enabled: true,
  protocol: 'http/json',
  sampler: 'parentbased_always_on',
  ratio: 1,
  exportDelayMs: 5_000,
};
const SAMPLED = readTraceContext({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });
const UNSAMPLED = readTraceContext({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00` });

/** Of spans that never end, so nobody is asked to take them. */
async function kept(settings: Partial<TracingSettings>): Promise<readonly boolean[]> {
  const end = await startTracing({ ...SETTINGS, ...settings });
  const spans = [
    { parent: null },
    { parent: SAMPLED },
    { parent: UNSAMPLED },
    { parent: null, cause: SAMPLED },
    { parent: null, cause: UNSAMPLED },
  ].map((start) => startSpan('test', () => ({ kind: SpanKind.INTERNAL, attributes: {}, ...start })));
  await end();
  return spans.map((span) => span!.isRecording());
}

describe('startTracing', () => {
  it('does nothing when it is off', async () => {
    await startTracing({ ...SETTINGS, enabled: false });
    expect(isTracing()).toBe(false);
    expect(startSpan('test', () => Promise.reject(new Error('Nobody asks.')) as never)).toBeNull();
  });

  it('ends', async () => {
    const end = await startTracing(SETTINGS);
    expect(isTracing()).toBe(true);
    await end();
    expect(isTracing()).toBe(false);
  });

  it.each([
    // The first of a trace; a part of one that is kept, and of one that is not; what came of the one and the other.
    ['parentbased_always_on', 1, [true, true, false, true, false]],
    ['parentbased_always_off', 1, [false, true, false, true, false]],
    ['always_on', 1, [true, true, true, true, true]],
    ['always_off', 1, [false, false, false, false, false]],
    ['traceidratio', 0, [false, false, false, false, false]],
    ['traceidratio', 1, [true, true, true, true, true]],
    ['parentbased_traceidratio', 0, [false, true, false, true, false]],
  ] as const)('keeps by %s of %d: %j', async (sampler, ratio, expected) => {
    expect(await kept({ sampler, ratio })).toEqual(expected);
  });

  it('begins a trace of its own for what came of another', async () => {
    const end = await startTracing(SETTINGS);
    const span = startSpan('test', () => ({ kind: SpanKind.INTERNAL, attributes: {}, parent: null, cause: SAMPLED }))!;
    await end();
    expect(span.spanContext().traceId).not.toBe(SAMPLED!.traceId);
  });
});
