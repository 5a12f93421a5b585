import { type Span, type SpanContext, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { readTraceContext } from '../tracing/trace-context';
import { isTracing, startSpan } from '../tracing/tracer';

declare module 'fastify' {
  interface FastifyRequest {
    /** What it belongs to: the span that is open, or without tracing what its caller said. */
    trace?: SpanContext | null;
    span?: Span | null;
  }
}

/** Asked all the time, of interest to nobody. */
const UNTRACED = new Set(['/livez', '/readyz']);

/** The trace that each request belongs to: that of its caller, and with tracing a span in it. */
export function traceRequests(server: FastifyInstance): void {
  server.decorateRequest('trace', null);
  server.addHook('onRequest', (request, _reply, done) => {
    const ofCaller = readTraceContext(request.headers);
    if (ofCaller) request.trace = ofCaller;
    done();
  });
  if (isTracing()) makeSpans(server);
}

function makeSpans(server: FastifyInstance): void {
  server.decorateRequest('span', null);
  server.addHook('onRequest', (request, _reply, done) => {
    const { method, url, routeOptions, trace = null } = request;
    if (!UNTRACED.has(routeOptions.url ?? '')) {
      const route = routeOptions.url;
      request.span = startSpan(route === undefined ? method : `${method} ${route}`, () => ({
        kind: SpanKind.SERVER,
        parent: trace,
        // Neither address nor agent of the caller: those are people's.
        attributes: {
          'http.request.method': method,
          'url.path': url.split('?', 1)[0]?.slice(0, 300) ?? '',
          'url.scheme': request.protocol,
          'network.protocol.version': request.raw.httpVersion,
          'posthorn.request.id': request.id,
          ...(route === undefined ? {} : { 'http.route': route }),
        },
      }));
      if (request.span) request.trace = request.span.spanContext();
    }
    done();
  });
  server.addHook('onResponse', ({ span }, { statusCode }, done) => {
    span?.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', String(statusCode));
    span?.end();
    done();
  });
  server.addHook('onRequestAbort', (request, done) => {
    request.span?.setAttribute('error.type', 'aborted').end();
    // Whoever handles it may still answer: a span ends once.
    request.span = null;
    done();
  });
}
