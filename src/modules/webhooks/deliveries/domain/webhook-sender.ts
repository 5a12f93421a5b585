import type { AttemptOutcome, AttemptRequest } from '../../../../platform/destinations/attempt-outcome';

/** Port: one request to a stranger, at a destination of any kind, bounded in time and size. Never rejects. */
export abstract class WebhookSender {
  /** @param signal ends the request as `aborted` */
  abstract send(request: AttemptRequest, signal: AbortSignal): Promise<AttemptOutcome>;
}
