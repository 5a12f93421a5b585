import { DomainError } from '../../../platform/errors/domain-error';

/** Never shown to the person who registers: whether an address has an account is its owner's business. */
export class EmailTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'email_taken';

  constructor() {
    super('An account with this e-mail address exists.');
  }
}

export class UserNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'user_not_found';

  constructor(userId: string) {
    super(`There is no user ${userId}.`);
  }
}

export class InvalidCredentials extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'invalid_credentials';

  constructor() {
    super('The e-mail address or the password is wrong.');
  }
}

export class EmailNotVerified extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'email_not_verified';

  constructor() {
    super('Confirm your e-mail address first, with the link or the code that we sent to it.');
  }
}

export class VerificationFailed extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'verification_failed';

  constructor() {
    super('The link or code is wrong, was used before or has expired. Register again with the same address to get a new one.');
  }
}

export class TooBusy extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'too_busy';

  constructor() {
    super('Too many people are signing in at this moment. Try again in a few seconds.');
  }
}
