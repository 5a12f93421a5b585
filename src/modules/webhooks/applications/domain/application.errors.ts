import { DomainError } from '../../../../platform/errors/domain-error';

export class ApplicationUidTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'conflict';

  constructor(uid: string) {
    super(`Another application already has the uid ${uid}.`);
  }
}
