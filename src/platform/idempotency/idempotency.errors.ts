import { DomainError } from '../errors/domain-error';

export class IdempotencyKeyReused extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'idempotency_key_reused';

  constructor() {
    super('This idempotency key was sent with another body or query before.');
  }
}

export class RequestUnderWay extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'request_under_way';
  override readonly retryAfterSeconds = 1;

  constructor() {
    super('A request with this idempotency key is still under way.');
  }
}
