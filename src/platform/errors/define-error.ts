import { noteDeclaration } from '../declarations/declarations';
import { DomainError, type ErrorKind } from './domain-error';

type ErrorRule<Kind extends ErrorKind, Code extends string> = {
  readonly kind: Kind;
  /** Public API: never rename one. */
  readonly code: Code;
  /** What its reader is to do, at /docs/errors. */
  readonly advice: string;
};

const rules = new Map<string, ErrorRule<ErrorKind, string>>();

/** Declares an error code with its advice, as the base of its class: `class InvoicePaid extends defineError({ … })`. */
export function defineError<Kind extends ErrorKind, Code extends string>(rule: ErrorRule<Kind, Code>) {
  noteDeclaration('error code', rule.code, defineError);
  rules.set(rule.code, rule);
  return class extends DomainError {
    readonly kind = rule.kind;
    readonly code = rule.code;
  };
}

/** All that are declared so, by code. */
export function definedErrors(): ReadonlyMap<string, ErrorRule<ErrorKind, string>> {
  return rules;
}
