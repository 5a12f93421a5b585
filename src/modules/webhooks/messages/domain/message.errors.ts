import { DomainError } from '../../../../platform/errors/domain-error';

export class DuplicateEventId extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'conflict';

  constructor(eventId: string) {
    super(`A message with the eventId ${eventId} already exists in this application.`);
  }
}
