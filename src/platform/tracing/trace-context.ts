import { createTraceState, type SpanContext } from '@opentelemetry/api';

/** Version, trace, span, flags. Zeros are no ids, and what later versions append is not ours to read. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const OUR_VERSION = '00';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a caller says that its request belongs to, by W3C Trace Context. Nonsense is as good as nothing. */
export function readTraceContext({ traceparent, tracestate }: Headers): SpanContext | null {
  if (typeof traceparent !== 'string') return null;
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (version === OUR_VERSION && more !== undefined) return null;
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  // Node puts several of them together with commas, as the standard does.
  const traceState = typeof tracestate === 'string' ? createTraceState(tracestate) : undefined;
  return traceState && traceState.serialize() !== '' ? { ...context, traceState } : context;
}

/** The same for those whom we call. */
export function traceHeaders({ traceId, spanId, traceFlags, traceState }: SpanContext): Readonly<Record<string, string>> {
  const traceparent = `${OUR_VERSION}-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  const tracestate = traceState?.serialize() ?? '';
  return tracestate === '' ? { traceparent } : { traceparent, tracestate };
}

/** For a column: both headers in one, as there is no space in the first. */
export function storedTrace(context: SpanContext): string {
  const { traceparent, tracestate } = traceHeaders(context);
  return [traceparent, tracestate].filter(Boolean).join(' ');
}

export function openedTrace(stored: string | null): SpanContext | null {
  const [traceparent, tracestate] = stored?.split(/ (.*)/s) ?? [];
  return readTraceContext({ traceparent, tracestate });
}

/** Under the names by which log lines and traces find each other. */
export function traceIds(context: SpanContext | null | undefined): { readonly trace_id: string; readonly span_id: string } | undefined {
  return context ? { trace_id: context.traceId, span_id: context.spanId } : undefined;
}
