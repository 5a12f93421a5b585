import { DomainError } from '../../../../platform/errors/domain-error';

export class EventTypeExists extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'event_type_exists';

  constructor(name: string) {
    super(`The event type ${name} exists already.`);
  }
}
