import { InvalidField } from '../../../../platform/errors/domain-error';

/** Code that changes the messages of an endpoint before they are signed and sent: docs/transformations.md. */
export type EndpointTransformation = {
  readonly code: string | null;
  readonly enabled: boolean;
  /** What the code needs to know and must not be written in it. */
  readonly variables: Readonly<Record<string, string>> | null;
  readonly updatedAt: string;
};

const NONE = { code: null, enabled: false, variables: null };

/** @throws InvalidField for code that is enabled and not there */
export function changedTransformation(
  former: EndpointTransformation | null,
  changes: Partial<Omit<EndpointTransformation, 'updatedAt'>>,
  now: Date,
): EndpointTransformation {
  const changed = { ...NONE, ...former, ...changes, updatedAt: now.toISOString() };
  if (changed.code !== null || !changed.enabled) return changed;
  // Whoever takes the code away need not say that it is not enabled.
  if (!changes.enabled) return { ...changed, enabled: false };
  throw new InvalidField(['body', 'enabled'], 'There is no code that could be enabled.');
}
