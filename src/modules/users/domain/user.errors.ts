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

export class ResetFailed extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'reset_failed';

  constructor() {
    super('The link is wrong, was used before or has expired. Ask for a new one at POST /api/v1/auth/forgot-password.');
  }
}

export class EmailChangeFailed extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'email_change_failed';

  constructor() {
    super('The link is wrong, was used before or has expired. Ask for the change again at POST /api/v1/users/me/email.');
  }
}

/** Not 401: the caller is signed in, and signing in again would not help. */
export class WrongPassword extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'wrong_password';

  constructor() {
    super('This is not your current password.');
  }
}

/** Said to who knows the password, and to nobody else. */
export class SecondFactorRequired extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'second_factor_required';

  constructor() {
    super('Send `code` as well: the six digits of your authenticator app, or one of your recovery codes.');
  }
}

export class WrongCode extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'wrong_code';

  constructor() {
    super('The code is wrong or was used before. Wait for the next one of your authenticator app, or take a recovery code.');
  }
}

export class SecondFactorExists extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'second_factor_exists';

  constructor() {
    super('This account has a second factor. Remove it first, with a code of it.');
  }
}

export class SecondFactorMissing extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'second_factor_missing';

  constructor() {
    super('This account has no second factor. Begin with POST /api/v1/users/me/second-factor.');
  }
}

export class EmailNotVerifiedElsewhere extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'email_not_verified_elsewhere';

  constructor() {
    super('The provider did not confirm your e-mail address. Confirm it there, then sign in again.');
  }
}

export class NoAccount extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'no_account';

  constructor() {
    super('There is no account for this address, and registration is not open. Ask for an invitation.');
  }
}
