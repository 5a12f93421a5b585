import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { LRUCache } from 'lru-cache';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { compileSchema, latestSchema, type PayloadValidator, type SchemaProblem } from '../payload-schema';

export type PayloadCheck = {
  /** Of the event type whose schema was used; null when its payloads are not checked. */
  readonly version: number | null;
  /** Its sender is not only told of problems: the message is not to be accepted. */
  readonly refuses: boolean;
  readonly problems: readonly SchemaProblem[];
};

/**
 * What is wrong with a payload in the eyes of its event type. Without `fresh` the answer comes from memory, and who stores
 * the message makes sure that the version is the current one; problems that refuse are never from memory alone.
 */
export class CheckPayload extends Query<PayloadCheck> {
  constructor(
    readonly organizationId: string,
    readonly eventType: string,
    readonly payload: Buffer,
    readonly fresh: boolean,
  ) {
    super();
  }
}

type Row = { id: string; version: number; validation: 'warn' | 'reject'; schemas: Buffer | null };
type Rule = { readonly version: number; readonly refuses: boolean; readonly validate: PayloadValidator };

const STATEMENT = {
  name: 'event_type.validation',
  text: `SELECT id, version, validation, schemas FROM event_type WHERE organization_id = $1 AND name = $2 AND validation <> 'off'`,
};
const UNCHECKED: PayloadCheck = { version: null, refuses: false, problems: [] };
const MAX_RULES = 1_000;

@QueryHandler(CheckPayload)
export class CheckPayloadHandler implements IQueryHandler<CheckPayload> {
  /** Compiled once for each version of an event type. */
  private readonly rules = new LRUCache<string, Rule>({ max: MAX_RULES });
  private readonly loading = new Map<string, Promise<Rule | null>>();

  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, eventType, payload, fresh }: CheckPayload): Promise<PayloadCheck> {
    const key = `${organizationId} ${eventType}`;
    const known = fresh ? await this.load(key, organizationId, eventType) : this.rules.get(key);
    if (!known) return UNCHECKED;
    const problems = known.validate(payload);
    if (problems.length > 0 && known.refuses && !fresh) return this.execute(new CheckPayload(organizationId, eventType, payload, true));
    return { version: known.version, refuses: known.refuses, problems };
  }

  /** A batch of one event type asks many times at once. */
  private load(key: string, organizationId: string, eventType: string): Promise<Rule | null> {
    const loading = this.loading.get(key) ?? this.read(key, organizationId, eventType).finally(() => this.loading.delete(key));
    this.loading.set(key, loading);
    return loading;
  }

  private async read(key: string, organizationId: string, eventType: string): Promise<Rule | null> {
    const [row] = await this.sql.run<Row>(STATEMENT, [organizationId, eventType]);
    const known = this.rules.get(key);
    if (row && known?.version === row.version) return known;
    this.rules.delete(key);
    if (!row) return null;
    const context = columnContext('event_type', 'schemas', row.id);
    const schemas = row.schemas && (await this.cipher.openJson<Record<string, unknown>>(context, row.schemas));
    const rule = { version: row.version, refuses: row.validation === 'reject', validate: compileSchema(latestSchema(schemas ?? {})) };
    this.rules.set(key, rule);
    return rule;
  }
}
