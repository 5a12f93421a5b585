import { auditLogContract } from './audit-log.contract';
import { InMemoryAuditLog } from './in-memory-audit-log';

describe('InMemoryAuditLog', () => {
  const log = new InMemoryAuditLog();
  auditLogContract(() => ({ log, entries: async () => log.entries }));
});
