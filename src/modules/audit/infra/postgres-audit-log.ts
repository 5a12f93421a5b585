import { Injectable } from '@nestjs/common';
import { TypeOrmUnitOfWork } from '../../../platform/database/unit-of-work';
import type { AuditEntry } from '../domain/audit-entry';
import { AuditLog } from '../domain/audit-log';

@Injectable()
export class PostgresAuditLog extends AuditLog {
  constructor(private readonly uow: TypeOrmUnitOfWork) {
    super();
  }

  override async append({ id, organizationId, actor, action, object, occurredAt }: AuditEntry): Promise<void> {
    await this.uow.manager.query(
      `INSERT INTO audit_entry (id, organization_id, actor, action, object, occurred_at)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO NOTHING`,
      [id, organizationId, actor, action, object, occurredAt],
    );
  }
}
