import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { inTrace } from '../context/call-context';

type SpanStart = {
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  /** Whose part it is; null for the first of a trace. */
  readonly parent: SpanContext | null;
  /** What it came of, in a trace of its own. */
  readonly cause?: SpanContext | null;
};

let tracer: Tracer | null = null;

/** Null from then on, and to begin with: nobody wants spans, and none are made. */
export function useTracer(next: Tracer | null): void {
  tracer = next;
}

export function isTracing(): boolean {
  return tracer !== null;
}

/** Null while nobody wants spans: then `start` is not asked. */
export function startSpan(name: string, start: () => SpanStart): Span | null {
  if (tracer === null) return null;
  const { kind, attributes, parent, cause } = start();
  const links = cause ? [{ context: cause }] : [];
  return tracer.startSpan(name, { kind, attributes, links }, parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT);
}

/** Runs `work` as a part of the span, which ends with it; as it is, if there is none. */
export function withinSpan<T>(span: Span | null, work: () => Promise<T>): Promise<T> {
  return span ? followed(span, work) : work();
}

async function followed<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await inTrace(span.spanContext(), work);
  } catch (error) {
    const { code, name } = error as Error & { code?: unknown };
    span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', typeof code === 'string' ? code : name);
    throw error;
  } finally {
    span.end();
  }
}
