import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';
import { Sql } from '../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../platform/http/list-page';
import type { AuditDetails } from '../audit-details';

export type AuditEntryView = {
  readonly id: string;
  readonly actor: { readonly kind: string; readonly id: string | null };
  readonly action: string;
  readonly object: string;
  readonly result: 'success' | 'refused';
  readonly requestId: string | null;
  readonly occurredAt: Date;
  readonly address: string | null;
  readonly fields: readonly string[];
};

export type AuditFilter = {
  readonly actions?: readonly string[] | undefined;
  readonly actor?: string | undefined;
  readonly object?: string | undefined;
  readonly result?: 'success' | 'refused' | undefined;
  readonly before?: Date | undefined;
  readonly after?: Date | undefined;
};

/** Of one organization. */
export class ListAuditEntries extends Query<ListPage<AuditEntryView>> {
  constructor(
    readonly organizationId: string,
    readonly filter: AuditFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

type Row = Omit<AuditEntryView, 'actor' | 'address' | 'fields'> & {
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly details: Buffer | null;
};

const STATEMENT = bothWays(
  'audit_entry.list',
  (beyond, direction) => `
    SELECT id, actor_kind AS "actorKind", actor_id AS "actorId", action, object, result, request_id AS "requestId",
           occurred_at AS "occurredAt", details
      FROM audit_entry
     WHERE organization_id = $1 AND id ${beyond} $2
       AND ($4::text[] IS NULL OR action = ANY ($4)) AND ($5::text IS NULL OR actor_id = $5) AND ($6::text IS NULL OR object = $6)
       AND ($7::text IS NULL OR result = $7)
       AND ($8::timestamptz IS NULL OR occurred_at < $8) AND ($9::timestamptz IS NULL OR occurred_at > $9)
     ORDER BY id ${direction} LIMIT $3`,
);

@QueryHandler(ListAuditEntries)
export class ListAuditEntriesHandler implements IQueryHandler<ListAuditEntries> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, filter, page }: ListAuditEntries): Promise<ListPage<AuditEntryView>> {
    const { way, cursor, take } = seek(page);
    const { actions = null, actor = null, object = null, result = null, before = null, after = null } = filter;
    const rows = await this.sql.run<Row>(STATEMENT[way], [organizationId, cursor, take, actions, actor, object, result, before, after]);
    return listPage(
      rows,
      page,
      ({ id }) => id,
      (row) => this.view(row),
    );
  }

  private async view({ actorKind, actorId, details, ...entry }: Row): Promise<AuditEntryView> {
    const opened = details && (await this.cipher.openJson<AuditDetails>(columnContext('audit_entry', 'details', entry.id), details));
    return { ...entry, actor: { kind: actorKind, id: actorId }, address: opened?.address ?? null, fields: opened?.fields ?? [] };
  }
}
