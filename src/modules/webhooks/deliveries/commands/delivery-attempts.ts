import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { CONFIG, type Config } from '../../../../config/env';
import { type AttemptOutcome, NO_WIRE } from '../../../../platform/destinations/attempt-outcome';
import { newId } from '../../../../platform/ids/id';
import { Clock } from '../../../../platform/time/clock';
import { withinSpan } from '../../../../platform/tracing/tracer';
import { shownHeader } from '../../endpoints';
import { attemptSpan, endRequestSpan, requestSpan, tracingHeaders } from '../attempt-spans';
import { DeliveryMetrics } from '../delivery-metrics';
import type { Attempt, DeliveryResult } from '../domain/attempt';
import type { AttemptDetails } from '../domain/attempt-details';
import { isSuccess, reasonOf } from '../domain/attempt-outcome';
import type { ClaimedDelivery, Receiver } from '../domain/claimed-delivery';
import { nextStep } from '../domain/next-step';
import { WebhookSender } from '../domain/webhook-sender';
import { signedHeaders } from '../signed-headers';
import { isSvixTwin, withSvixTwins } from '../svix-twins';
import { MessageTransformation, type Transformed } from './message-transformation';

/** What was asked of the receiver, and what came of it. */
type Sent = { readonly outcome: AttemptOutcome; readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** Tries to bring a delivery to its receiver, once, and says what is to be written. It writes nothing itself. */
@Injectable()
export class DeliveryAttempts {
  private readonly logger = new Logger(DeliveryAttempts.name);
  private readonly defaults: { readonly timeoutMs: number; readonly retrySchedule: readonly number[] };

  constructor(
    private readonly sender: WebhookSender,
    private readonly transformation: MessageTransformation,
    private readonly clock: Clock,
    private readonly metrics: DeliveryMetrics,
    @Inject(CONFIG) { delivery }: Config,
  ) {
    this.defaults = delivery;
  }

  /** @param signal ends what is under way: it goes back to pending, as if it had not been tried */
  async make(delivery: ClaimedDelivery, signal: AbortSignal): Promise<DeliveryResult> {
    const { receiver, payload } = delivery;
    if (receiver === 'deleted') return settled(delivery, 'canceled', 'endpoint_deleted');
    if (receiver === 'closed') return settled(delivery, 'canceled', 'organization_closed');
    if (receiver === 'disabled') return settled(delivery, 'fail', 'endpoint_disabled');
    if (payload === null) return settled(delivery, 'fail', 'payload_expired');
    const span = attemptSpan(delivery);
    return withinSpan(span, () => this.attempt(delivery, receiver, payload, signal, span));
  }

  private async attempt(
    delivery: ClaimedDelivery,
    receiver: Receiver,
    payload: Buffer,
    signal: AbortSignal,
    span: Span | null,
  ): Promise<DeliveryResult> {
    const attemptedAt = this.clock.now();
    const started = performance.now();
    const transformed = await this.transformed(delivery, receiver, payload, signal);
    if (transformed.kind === 'canceled') return settled(delivery, 'canceled', 'transformation_canceled');
    const sent = await this.send(delivery, receiver, transformed, { now: attemptedAt, signal, span });
    const durationMs = performance.now() - started;

    const { outcome } = sent;
    const schedule = receiver.retrySchedule ?? this.defaults.retrySchedule;
    const next = nextStep(outcome, { attemptsBefore: delivery.attemptsBefore, schedule, chance: Math.random() * 2 - 1 });
    if (outcome.kind === 'aborted') return { delivery, attempt: null, next };
    const transformation = receiver.transformation && noteOf(transformed);
    const attempt = attemptOf({ ...sent, outcome }, { transformation, attemptedAt, durationMs });
    this.tell(delivery, attempt, span);
    return { delivery, attempt, next };
  }

  /** Most endpoints have no code: for them nothing is awaited. */
  private transformed(
    { applicationId, eventType }: ClaimedDelivery,
    { url, headers, transformation }: Receiver,
    payload: Buffer,
    signal: AbortSignal,
  ): Transformed | Promise<Transformed> {
    if (!transformation) return { kind: 'changed', target: { method: 'POST', url, headers }, payload };
    return this.transformation.apply({ tenant: applicationId, eventType, receiver: { url, headers, transformation }, payload }, signal);
  }

  /** What could not be transformed is an attempt that failed: whoever mends the code gets it by the next one. */
  private async send(
    delivery: ClaimedDelivery,
    { url, keys, timeoutMs }: Receiver,
    transformed: Exclude<Transformed, { kind: 'canceled' }>,
    { now, signal, span }: { readonly now: Date; readonly signal: AbortSignal; readonly span: Span | null },
  ): Promise<Sent> {
    if (transformed.kind === 'aborted') return { outcome: transformed, url, headers: {} };
    if (transformed.kind === 'failed')
      return { outcome: { kind: 'failed', reason: `transformation_${transformed.flaw}`, wire: NO_WIRE }, url, headers: {} };
    const { target, payload: body } = transformed;
    const requested = requestSpan(span, target, delivery.attemptsBefore);
    const headers = {
      ...tracingHeaders(requested, delivery, target.headers),
      ...withSvixTwins(signedHeaders(delivery.messageId, { ...target, keys }, body, now)),
    };
    const request = { method: target.method, url: target.url, headers, body, timeoutMs: timeoutMs ?? this.defaults.timeoutMs };
    const outcome = await this.sender.send(request, signal);
    endRequestSpan(requested, outcome);
    return { outcome, url: target.url, headers };
  }

  private tell(delivery: ClaimedDelivery, attempt: Attempt, span: Span | null): void {
    const [{ messageId, endpointId }, { id, reason, succeeded }] = [delivery, attempt];
    this.metrics.attempted(delivery, attempt);
    span?.setAttributes({ 'posthorn.attempt.id': id, 'posthorn.attempt.reason': reason });
    if (!succeeded) span?.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', reason);
    this.logger.debug({ messageId, endpointId, attemptId: id, reason }, 'attempted');
  }
}

/** Without an attempt: nothing is sent. */
function settled(delivery: ClaimedDelivery, status: 'fail' | 'canceled', reason: string): DeliveryResult {
  return { delivery, attempt: null, next: { kind: 'settle', status, reason } };
}

function noteOf(transformed: Transformed): NonNullable<AttemptDetails['transformation']> {
  return {
    method: transformed.kind === 'changed' ? transformed.target.method : null,
    error: transformed.kind === 'failed' ? transformed.message : null,
  };
}

type Ended = Sent & { readonly outcome: Exclude<AttemptOutcome, { kind: 'aborted' }> };

type Circumstances = {
  readonly transformation: AttemptDetails['transformation'] | null;
  readonly attemptedAt: Date;
  readonly durationMs: number;
};

function attemptOf({ outcome, url, headers }: Ended, { transformation, attemptedAt, durationMs }: Circumstances): Attempt {
  const answered = outcome.kind === 'answered' ? outcome : null;
  // Attempts are read by more people than may see the credentials of an endpoint.
  const requestHeaders: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (!isSvixTwin(name, headers)) requestHeaders[name] = shownHeader(name, value);
  return {
    id: newId('atmpt'),
    succeeded: isSuccess(outcome),
    reason: reasonOf(outcome),
    url,
    responseStatusCode: answered?.statusCode ?? 0,
    responseDurationMs: Math.round(durationMs),
    response: (outcome.kind === 'accepted' ? undefined : outcome.body) ?? Buffer.alloc(0),
    attemptedAt,
    details: { requestHeaders, ...outcome.wire, ...(transformation && { transformation }) },
  };
}
