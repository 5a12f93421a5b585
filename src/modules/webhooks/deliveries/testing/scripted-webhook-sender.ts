import { type AttemptOutcome, type AttemptRequest, NO_WIRE } from '../../../../platform/destinations/attempt-outcome';
import { WebhookSender } from '../domain/webhook-sender';

/** Answers as told, in order; 200 when nothing was told. `hang` waits for the signal, as the real one would. */
export class ScriptedWebhookSender extends WebhookSender {
  readonly sent: AttemptRequest[] = [];
  private readonly script: (AttemptOutcome | 'hang')[];

  constructor(...script: (AttemptOutcome | 'hang')[]) {
    super();
    this.script = script;
  }

  override async send(request: AttemptRequest, signal: AbortSignal): Promise<AttemptOutcome> {
    this.sent.push(request);
    const outcome = this.script.shift() ?? answered(200);
    if (outcome !== 'hang') return Promise.resolve(outcome);
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve({ kind: 'aborted' });
      });
    });
  }
}

export function answered(statusCode: number): AttemptOutcome {
  return { kind: 'answered', statusCode, body: Buffer.from('body'), retryAfterSeconds: null, wire: NO_WIRE };
}
