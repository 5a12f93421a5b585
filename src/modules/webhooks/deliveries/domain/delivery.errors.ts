import { DomainError } from '../../../../platform/errors/domain-error';

export class MissingPayload extends DomainError {
  readonly kind = 'malformed';
  readonly code = 'missing_payload';

  constructor() {
    super('The payload of this message expired or was erased: there is nothing left to send.');
  }
}

export class MessageUnsent extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'conflict';

  constructor() {
    super('The message waits for its time or was canceled: there is nothing to send again.');
  }
}

/** The caller may enable the endpoint, and may not send messages again. */
export class MayNotResend extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'insufficient_permission';

  constructor() {
    super('To send what was missed needs the permission message.resend: leave recoverSince out.');
  }
}
