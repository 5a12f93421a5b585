export type ErrorKind =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'unsupported'
  | 'too_many'
  | 'unavailable';

/** The caller asked for something that the rules forbid. `code` is public API: never rename one. */
export abstract class DomainError extends Error {
  abstract readonly kind: ErrorKind;
  abstract readonly code: string;
  /** When trying again makes sense; answered as `Retry-After`. */
  readonly retryAfterSeconds: number | null = null;
}

/** Somebody else changed the row between our read and our write. Reading again and retrying is safe. */
export class ConcurrentChange extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'concurrent_change';

  constructor() {
    super('The resource was changed by another request meanwhile. Read it again and retry.');
  }
}

/** One field of the input breaks a rule that no schema can express; answered in the shape of a validation error. */
export class InvalidField extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'validation_error';

  /** @param loc where, from the outside in: `['body', 'uid']` */
  constructor(
    readonly loc: readonly (string | number)[],
    message: string,
  ) {
    super(message);
  }
}

/** There is no such thing, or it belongs to somebody else: the caller cannot tell the two apart. */
export class EntityNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'not_found';

  constructor() {
    super('Entity not found');
  }
}
