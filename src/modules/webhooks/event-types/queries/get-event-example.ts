import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { NoExample } from '../domain/event-type.errors';

/** A payload as the schema of an event type shows it. @throws InvalidField when there is no such event type; @throws NoExample */
export class GetEventExample extends Query<Buffer> {
  constructor(
    readonly organizationId: string,
    readonly eventType: string,
    /** Which of its examples. */
    readonly index = 0,
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'event_type.example',
  text: 'SELECT id, schemas FROM event_type WHERE organization_id = $1 AND name = $2',
};
/** Where clients of this API have always looked first. */
const FIRST_VERSION = '1';

@QueryHandler(GetEventExample)
export class GetEventExampleHandler implements IQueryHandler<GetEventExample> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, eventType, index }: GetEventExample): Promise<Buffer> {
    const [row] = await this.sql.run<{ id: string; schemas: Buffer | null }>(STATEMENT, [organizationId, eventType]);
    if (!row) throw new InvalidField(['body', 'eventType'], 'There is no such event type.');
    const context = columnContext('event_type', 'schemas', row.id);
    const schemas = row.schemas && (await this.cipher.openJson<Record<string, unknown>>(context, row.schemas));
    const example = exampleOf(schemas ?? {}, index);
    if (!example) throw new NoExample(eventType, index);
    return Buffer.from(JSON.stringify(example));
  }
}

/** That of version 1, or else of the highest version that has one. */
export function exampleOf(schemas: Readonly<Record<string, unknown>>, index = 0): object | null {
  const newest = Object.keys(schemas).sort((a, b) => Number(b) - Number(a));
  for (const version of [FIRST_VERSION, ...newest]) {
    const examples = (schemas[version] as { examples?: unknown } | undefined)?.examples;
    const example: unknown = Array.isArray(examples) ? examples[index] : undefined;
    if (typeof example === 'object' && example !== null && !Array.isArray(example)) return example;
  }
  return null;
}
