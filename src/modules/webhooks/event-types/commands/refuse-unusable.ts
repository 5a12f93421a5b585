import { InvalidField } from '../../../../platform/errors/domain-error';
import type { PayloadSchemas } from '../domain/event-type';
import { flawOfSchemas } from '../payload-schema';

/** Schemas that no payload could be held to. @throws InvalidField */
export function refuseUnusable(schemas: PayloadSchemas | null | undefined): void {
  const flaw = schemas ? flawOfSchemas(schemas) : null;
  if (flaw) throw new InvalidField(['body', 'schemas', flaw.version], flaw.message);
}
