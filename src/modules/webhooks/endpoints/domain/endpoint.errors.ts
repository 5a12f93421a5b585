import { DomainError } from '../../../../platform/errors/domain-error';

export class EndpointUidTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'conflict';

  constructor(uid: string) {
    super(`Another endpoint of this application already has the uid ${uid}.`);
  }
}

export class EndpointUnverified extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'endpoint_unverified';

  constructor() {
    super('The endpoint has to answer a challenge at its URL first, which enables it.');
  }
}

export class SecretLimitReached extends DomainError {
  readonly kind = 'malformed';
  readonly code = 'limit_reached';

  constructor(limit: number) {
    super(`The endpoint has ${limit} old keys that are still valid. Wait until one expires, or rotate with a grace period of 0.`);
  }
}
