import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { DomainError, InvalidField } from '../errors/domain-error';
import { bytesOf } from './member-bytes';

export type FieldProblem = {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
  /** JSON Pointer into the payload, of a problem in there. */
  readonly pointer?: string;
};

/** The input breaks its schema; answered 422 with one entry per broken field. */
export class ValidationFailed extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'validation_error';

  constructor(readonly problems: readonly FieldProblem[]) {
    super('The request breaks the schema of this operation.');
  }
}

export class MalformedBody extends DomainError {
  readonly kind = 'malformed';
  readonly code = 'invalid_json';
}

/** A body with a thousand wrong fields is answered by its first ones. */
const MAX_PROBLEMS = 50;

type Issue = { readonly message: string; readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined };

/**
 * Validates parameters that carry a schema: `@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`.
 * Nest's own StandardSchemaValidationPipe does the same but forgets which part of the request was wrong.
 */
export class SchemaPipe implements PipeTransform<unknown> {
  transform(value: unknown, { schema, type, data }: ArgumentMetadata): unknown {
    if (!schema || type === 'custom') return value;
    const twice = type === 'body' ? bytesOf(value).repeated[0] : undefined;
    if (twice !== undefined) throw new InvalidField(['body', twice.slice(0, 100)], 'is written twice');
    const result = schema['~standard'].validate(value);
    if (result instanceof Promise) throw new Error('Schemas of requests must be synchronous.');
    if (!result.issues) return result.value;
    if (type === 'body' && value === undefined) throw new MalformedBody('A JSON body is required.');
    throw new ValidationFailed(
      result.issues.slice(0, MAX_PROBLEMS).map((issue) => problem(issue, data === undefined ? [type] : [type, data])),
    );
  }
}

function problem({ message, path = [] }: Issue, prefix: readonly string[]): FieldProblem {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
  return {
    loc: [...prefix, ...keys.map((key) => (typeof key === 'number' ? key : String(key).slice(0, 100)))],
    msg: message,
    type: 'value_error',
  };
}
