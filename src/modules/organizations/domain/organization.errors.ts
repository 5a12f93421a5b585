import { DomainError } from '../../../platform/errors/domain-error';

export class AlreadyFounded extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'organization_already_founded';

  constructor() {
    super('This user already has a first organization.');
  }
}

export class AlreadyMember extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'already_member';

  constructor() {
    super('This user is a member of the organization already.');
  }
}
