import { type AttemptOutcome, type AttemptRequest, NO_WIRE, timingsOf, type Wire } from '../attempt-outcome';
import type { ConnectionPhases } from '../../outbound/connection-phases';
import type { AmqpFailure } from './amqp-failure';
import type { AmqpTarget } from './amqp-target';

/** Names of headers that are said in the protocol's own terms, or to the broker alone. */
const NOT_HANDED_ON = new Set(['authorization', 'content-type']);

/** A message on its way into a broker. Whatever comes first, the confirmation, a failure or the deadline, is the outcome. */
export class Publication {
  readonly outcome: Promise<AttemptOutcome>;
  readonly body: Buffer;
  readonly properties: ReturnType<typeof propertiesOf>;
  /** What the broker returned it for, before it confirms. */
  returned: string | null = null;
  ended = false;
  /** The broker said nothing in time. */
  unanswered = false;
  private settle: (outcome: AttemptOutcome) => void = () => undefined;
  private readonly deadline: NodeJS.Timeout;
  private connection: { readonly address: string | null; readonly phases: ConnectionPhases | null } | null = null;
  private sentAt = 0;

  /** @param late what it means when nothing has come in time */
  constructor(
    { headers, body, timeoutMs }: AttemptRequest,
    readonly target: AmqpTarget,
    late: () => AmqpFailure,
  ) {
    this.body = body;
    this.properties = propertiesOf(headers);
    this.outcome = new Promise((resolve) => (this.settle = resolve));
    this.deadline = setTimeout(() => {
      this.unanswered = this.isSent;
      this.fail(this.isSent ? late() : { reason: 'timeout_connect' });
    }, timeoutMs);
  }

  get isSent(): boolean {
    return this.connection !== null;
  }

  /** The bytes are on their way. @param phases of the connection, if it was made for this one */
  sent(address: string | null, phases: ConnectionPhases | null): void {
    this.connection = { address, phases };
    this.sentAt = performance.now();
  }

  confirmed(): void {
    const wire = this.wire(performance.now() - this.sentAt);
    if (this.returned === null) this.end({ kind: 'accepted', wire });
    else this.end({ kind: 'failed', reason: 'amqp_unroutable', body: Buffer.from(this.returned), wire });
  }

  fail({ reason, said }: AmqpFailure): void {
    this.end({ kind: 'failed', reason, ...(said !== undefined && { body: Buffer.from(said) }), wire: this.wire(null) });
  }

  abort(): void {
    this.end({ kind: 'aborted' });
  }

  private end(outcome: AttemptOutcome): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.deadline);
    this.settle(outcome);
  }

  private wire(firstByteMs: number | null): Wire {
    if (!this.connection) return NO_WIRE;
    const { address, phases } = this.connection;
    return { responseHeaders: {}, address, timings: timingsOf(phases, firstByteMs) };
  }
}

function propertiesOf(headers: AttemptRequest['headers']) {
  const named: Record<string, string> = {};
  const handedOn: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    named[name.toLowerCase()] = value;
    if (!NOT_HANDED_ON.has(name.toLowerCase())) handedOn[name] = value;
  }
  const { 'content-type': contentType = '', 'webhook-id': messageId = '' } = named;
  return { mandatory: true, persistent: true, contentType, messageId, headers: handedOn };
}
