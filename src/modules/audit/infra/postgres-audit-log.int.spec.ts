import { openTestStore, type TestStore } from '../../../../test/support/store';
import type { AuditEntry } from '../domain/audit-entry';
import { auditLogContract } from '../testing/audit-log.contract';
import { PostgresAuditLog } from './postgres-audit-log';

describe('PostgresAuditLog', () => {
  let db: TestStore;

  beforeAll(async () => void (db = await openTestStore()));
  afterAll(() => db.close());

  auditLogContract(() => ({
    log: new PostgresAuditLog(db.uow),
    entries: () =>
      db.sql.run<AuditEntry>(
        'SELECT id, organization_id AS "organizationId", actor, action, object, occurred_at AS "occurredAt" FROM audit_entry',
      ),
  }));
});
