import { DomainError } from '../../../../platform/errors/domain-error';

export class EventTypeExists extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'event_type_exists';

  constructor(name: string) {
    super(`The event type ${name} exists already.`);
  }
}

export class NoExample extends DomainError {
  readonly kind = 'malformed';
  readonly code = 'invalid_scheme';

  constructor(name: string, index: number) {
    super(`No schema of the event type ${name} has an object at place ${index} of its "examples".`);
  }
}
