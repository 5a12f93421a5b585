import type { AttemptOutcome } from './attempt-outcome';

export type WebhookRequest = {
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** For all of it: name look-up, connection, request and answer. */
  readonly timeoutMs: number;
};

/** Port: one HTTP request to a stranger, bounded in time and size. Never rejects. */
export abstract class WebhookSender {
  /** @param signal ends the request as `aborted` */
  abstract send(request: WebhookRequest, signal: AbortSignal): Promise<AttemptOutcome>;
}
