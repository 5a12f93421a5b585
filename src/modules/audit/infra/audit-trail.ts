import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type CallContext, callContext } from '../../../platform/context/call-context';
import { Cipher, SYSTEM_SCOPE } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';
import { encryptedTable } from '../../../platform/crypto/encrypted-tables';
import { TypeOrmUnitOfWork } from '../../../platform/database/unit-of-work';
import { Outbox, type StampedEvent } from '../../../platform/outbox/outbox';
import { SYSTEM_CHAIN } from '../audit-chain';
import type { AuditDetails } from '../audit-details';
import { type AuditEntry, auditEntry } from '../domain/audit-entry';

encryptedTable('audit_entry', 'details');

const APPEND = `
  WITH entry AS (
    INSERT INTO audit_entry (id, organization_id, actor_kind, actor_id, action, object, result, request_id, details)
    SELECT id, $6::text, $7, $8, action, object, result, $9, details
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[]) AS input (id, action, object, result, details)
  )
  INSERT INTO audit_unsealed (entry_id, chain) SELECT id, coalesce($6, $10) FROM unnest($1::text[]) AS input (id)`;

/** Writes each event that is audited in the transaction of its change: what is done is logged, what is not logged is not done. */
@Injectable()
export class AuditTrail implements OnModuleInit {
  constructor(
    private readonly outbox: Outbox,
    private readonly uow: TypeOrmUnitOfWork,
    private readonly cipher: Cipher,
  ) {}

  onModuleInit(): void {
    this.outbox.join((events, organizationId) => this.write(events, organizationId));
  }

  private async write(events: readonly StampedEvent[], organizationId: string | null): Promise<void> {
    const entries = events.map((event) => auditEntry(event, event.definition.audit)).filter((entry) => entry !== null);
    if (entries.length === 0) return;
    const call = callContext();
    const details = await Promise.all(entries.map((entry) => this.sealed(entry, call, organizationId)));
    await this.uow.manager.query(APPEND, [
      entries.map(({ id }) => id),
      entries.map(({ action }) => action),
      entries.map(({ object }) => object),
      entries.map(({ result }) => result),
      details,
      organizationId,
      call.actor.kind,
      call.actor.id,
      call.requestId,
      SYSTEM_CHAIN,
    ]);
  }

  /** Null when there is nothing to say: what the system does itself needs no key. */
  private async sealed({ id, fields }: AuditEntry, { address }: CallContext, organizationId: string | null): Promise<Buffer | null> {
    if (address === null && fields.length === 0) return null;
    const details: AuditDetails = { address, fields };
    return this.cipher.sealJson(organizationId ?? SYSTEM_SCOPE, columnContext('audit_entry', 'details', id), details);
  }
}
