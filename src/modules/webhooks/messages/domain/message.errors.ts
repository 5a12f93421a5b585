import { DomainError } from '../../../../platform/errors/domain-error';

export class DuplicateEventId extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'conflict';

  constructor(eventId: string) {
    super(`A message with the eventId ${eventId} already exists in this application.`);
  }
}

export class NotScheduled extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'not_scheduled';

  constructor() {
    super('Only a message that waits for its time can be canceled.');
  }
}

/** The caller may send messages, and may not make the application that came with one. */
export class MayNotCreateApplication extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'insufficient_permission';

  constructor() {
    super('There is no such application yet, and to make it needs the permission application.write.');
  }
}
