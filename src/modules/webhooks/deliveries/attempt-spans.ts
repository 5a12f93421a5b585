import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { type AttemptOutcome } from '../../../platform/destinations/attempt-outcome';
import { openedTrace, traceHeaders } from '../../../platform/tracing/trace-context';
import { startSpan } from '../../../platform/tracing/tracer';
import { isSuccess } from './domain/attempt-outcome';
import type { Target } from '../endpoints';
import type { ClaimedDelivery } from './domain/claimed-delivery';

/** A trace of its own, which links to that of its message: retries may follow for days. Null while nobody traces. */
export function attemptSpan({ messageId, endpointId, organizationId, applicationId, attemptsBefore, trace }: ClaimedDelivery): Span | null {
  return startSpan('delivery.attempt', () => ({
    kind: SpanKind.CONSUMER,
    parent: null,
    cause: openedTrace(trace),
    attributes: {
      'messaging.system': 'posthorn',
      'messaging.operation.name': 'deliver',
      'messaging.operation.type': 'process',
      'messaging.message.id': messageId,
      'posthorn.endpoint.id': endpointId,
      'posthorn.application.id': applicationId,
      'posthorn.organization.id': organizationId,
      'posthorn.delivery.attempt': attemptsBefore + 1,
    },
  }));
}

const WEB_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** The request of an attempt. Of the URL the host only: in paths and queries of webhooks there are secrets. */
export function requestSpan(attempt: Span | null, { method, url }: Target, attemptsBefore: number): Span | null {
  if (!attempt) return null;
  const { protocol, hostname, port } = new URL(url);
  const web = WEB_PORTS[protocol];
  return startSpan(web ? method : 'send', () => ({
    kind: web ? SpanKind.CLIENT : SpanKind.PRODUCER,
    parent: attempt.spanContext(),
    attributes: {
      ...(web ? { 'http.request.method': method } : { 'url.scheme': protocol.slice(0, -1) }),
      'server.address': hostname,
      ...(web || port ? { 'server.port': port === '' ? web : Number(port) } : {}),
      ...(web && attemptsBefore > 0 ? { 'http.request.resend_count': attemptsBefore } : {}),
    },
  }));
}

export function endRequestSpan(span: Span | null, outcome: AttemptOutcome): void {
  if (!span) return;
  if (outcome.kind !== 'aborted' && outcome.wire.address !== null) span.setAttribute('network.peer.address', outcome.wire.address);
  if (outcome.kind === 'answered') span.setAttribute('http.response.status_code', outcome.statusCode);
  if (!isSuccess(outcome)) {
    const reason = outcome.kind === 'answered' ? String(outcome.statusCode) : outcome.kind === 'failed' ? outcome.reason : 'aborted';
    span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', reason);
  }
  span.end();
}

/** What the receiver is told: the span of its request, or without tracing what the sender of the message said. Not where the endpoint has headers of that name. */
export function tracingHeaders(
  span: Span | null,
  { trace }: ClaimedDelivery,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const context = span?.spanContext() ?? openedTrace(trace);
  if (!context || Object.keys(own).some((name) => /^trace(parent|state)$/i.test(name))) return {};
  return { ...traceHeaders(context) };
}
