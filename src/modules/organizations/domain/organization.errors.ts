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

export class OwnerIsFixed extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'owner_is_fixed';

  constructor() {
    super('The role of the owner changes by a transfer of ownership only.');
  }
}

export class OwnerMustTransfer extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'owner_must_transfer';

  constructor() {
    super('The owner cannot leave: make another member the owner first, or delete the organization.');
  }
}

export class AlreadyInvited extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'already_invited';

  constructor() {
    super('This address has an open invitation to the organization: send it again, or revoke it first.');
  }
}

/** One answer for unknown, expired, revoked and used ones, and for those of other people: a token must not tell which it is. */
export class InvitationInvalid extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'invitation_invalid';

  constructor() {
    super('The invitation does not exist, is not for the address of this account, or is not open any more.');
  }
}
