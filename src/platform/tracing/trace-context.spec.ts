import { openedTrace, readTraceContext, storedTrace, traceHeaders } from './trace-context';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${SPAN}-01`;

describe('readTraceContext', () => {
  it('reads what the standard says', () => {
    expect(readTraceContext({ traceparent: TRACEPARENT })).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true });
    expect(readTraceContext({ traceparent: TRACEPARENT, tracestate: 'a=1,b@c=2' })?.traceState?.serialize()).toBe('a=1,b@c=2');
  });

  it('reads the beginning of what a later version says', () => {
    expect(readTraceContext({ traceparent: `01-${TRACE}-${SPAN}-01-more` })).toMatchObject({ traceId: TRACE, spanId: SPAN });
  });

  it.each([
    undefined,
    '',
    'x'.repeat(100_000),
    `${TRACEPARENT}, ${TRACEPARENT}`,
    `${TRACEPARENT}-more`,
    ` ${TRACEPARENT}`,
    `${TRACEPARENT}\n`,
    TRACEPARENT.toUpperCase(),
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE.slice(1)}-${SPAN}-01`,
    [TRACEPARENT],
  ])('takes nonsense for nothing: %#', (traceparent) => {
    expect(readTraceContext({ traceparent, tracestate: 'a=1' })).toBeNull();
  });

  it.each(['', 'nonsense', 'a=1'.repeat(1_000), 'a=\u0000', 'A=1'])('keeps the trace without a state that is none: %#', (tracestate) => {
    const context = readTraceContext({ traceparent: TRACEPARENT, tracestate });
    expect(context).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true });
  });
});

describe('a trace context that is handed on', () => {
  it.each([
    { traceparent: TRACEPARENT },
    { traceparent: TRACEPARENT.replace(/01$/, '00') },
    { traceparent: TRACEPARENT, tracestate: 'a=with space,b@c=2' },
  ])('is the same after it was stored: %j', (headers) => {
    expect(traceHeaders(openedTrace(storedTrace(readTraceContext(headers)!))!)).toEqual(headers);
  });

  it('is nothing when nothing was stored', () => {
    expect(openedTrace(null)).toBeNull();
  });
});
