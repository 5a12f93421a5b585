import type { Dispatcher } from 'undici';
import type { Clock } from '../../time/clock';
import type { AttemptOutcome } from '../attempt-outcome';
import { failureReason } from './failure-reason';
import { retryAfterSeconds } from './retry-after';
import type { WireTap } from './wire-taps';

/** Of a response; what is longer is cut and the connection closed, for an endless body must not hold us. */
const MAX_RESPONSE_BYTES = 65_536;
/** By what was waited for. */
const TIMEOUTS = { connecting: 'timeout_connect', sent: 'timeout_headers', answered: 'timeout_body' } as const;

type ResponseHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/** One request and its answer, as undici tells of them. Whatever comes first, the end of the answer, an error or the deadline, is the outcome. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly outcome: Promise<AttemptOutcome>;
  private settle: (outcome: AttemptOutcome) => void = () => undefined;
  private readonly deadline: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | null = null;
  private answer: { readonly statusCode: number; readonly retryAfterSeconds: number | null } | null = null;
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private ended = false;

  constructor(
    private readonly tap: WireTap,
    private readonly clock: Clock,
    timeoutMs: number,
  ) {
    this.outcome = new Promise((resolve) => (this.settle = resolve));
    this.deadline = setTimeout(() => {
      this.end({ kind: 'failed', reason: TIMEOUTS[tap.phase], wire: tap.soFar });
    }, timeoutMs);
  }

  /** By us, at the end of the worker. */
  abort(): void {
    this.end({ kind: 'aborted' });
  }

  fail(error: unknown): void {
    this.end({ kind: 'failed', reason: failureReason(error), wire: this.tap.soFar });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.ended) this.hangUp();
  }

  onResponseStart(_: Dispatcher.DispatchController, statusCode: number, headers: ResponseHeaders): void {
    if (statusCode < 200) return;
    this.tap.headers(headers);
    this.answer = { statusCode, retryAfterSeconds: retryAfterSeconds(headers['retry-after'], this.clock.now()) };
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.length >= MAX_RESPONSE_BYTES) this.complete();
  }

  onResponseEnd(): void {
    // Nothing is left to hang up: the connection is for the next request.
    this.controller = null;
    this.complete();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.controller = null;
    this.fail(error);
  }

  private complete(): void {
    if (!this.answer) return;
    const body = Buffer.concat(this.chunks).subarray(0, MAX_RESPONSE_BYTES);
    this.end({ kind: 'answered', ...this.answer, body, wire: this.tap.soFar });
  }

  private end(outcome: AttemptOutcome): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.deadline);
    this.settle(outcome);
    this.hangUp();
  }

  private hangUp(): void {
    this.controller?.abort(new Error('The outcome is known.'));
  }
}
