import { DomainError } from '../../../platform/errors/domain-error';

export class AuthenticationFailed extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'authentication_failed';

  constructor() {
    super('Send a valid access token or API key as `Authorization: Bearer <token>`. Sign in at POST /api/v1/auth/login to get one.');
  }
}

export class UserRequired extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'user_required';

  constructor() {
    super('Only a signed-in person may do this, not an API key. Send the access token of a sign-in.');
  }
}

export class InsufficientPermission extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'insufficient_permission';

  constructor(
    readonly permission: string,
    readonly organizationId: string,
  ) {
    super(
      `This needs the permission ${permission}, which your role, key or token does not have. Ask an administrator of the organization.`,
    );
  }
}

export class NoOrganization extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'no_organization';

  constructor() {
    super('This account belongs to no organization yet. A new account gets its own within moments of registration.');
  }
}

export class OrganizationClosed extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'organization_closed';

  constructor() {
    super('This organization waits for its deletion. Its owner can restore it.');
  }
}

export class RegistrationClosed extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'registration_closed';

  constructor() {
    super('Nobody can register here. Ask whoever runs this installation.');
  }
}

export class OwnsOrganization extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'owns_organization';

  constructor() {
    super('You own an organization that has other members. Transfer it to one of them, or delete it, first.');
  }
}

export class ApiKeyNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'api_key_not_found';

  constructor(id: string) {
    super(`There is no API key ${id}.`);
  }
}

export class InvalidRefreshToken extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'invalid_refresh_token';

  constructor() {
    super('This session has ended, or the refresh token was used before. Sign in again at POST /api/v1/auth/login.');
  }
}

export class SessionNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'session_not_found';

  constructor(id: string) {
    super(`You have no session ${id}.`);
  }
}

export class RateLimited extends DomainError {
  readonly kind = 'too_many';
  readonly code = 'rate_limited';
  override readonly retryAfterSeconds = 1;

  constructor() {
    super('Too many requests in this second. Spread them, or ask the operator to raise API_RATE_LIMIT.');
  }
}

export class ProviderNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'provider_not_found';

  constructor() {
    super('No such provider is configured. GET /api/v1/auth/oidc lists them.');
  }
}

export class ProviderUnavailable extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'provider_unavailable';

  constructor() {
    super('The provider that you sign in with cannot be reached. Try again in a moment.');
  }
}

export class ProviderRefused extends DomainError {
  readonly kind = 'unauthenticated';
  readonly code = 'provider_refused';

  constructor() {
    super('Signing in with the provider did not succeed, took too long, or was begun elsewhere. Begin again.');
  }
}
