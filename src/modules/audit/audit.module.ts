import { Module } from '@nestjs/common';
import { RecordAuditEntryHandler } from './commands/record-audit-entry';
import { AuditLog } from './domain/audit-log';
import { PostgresAuditLog } from './infra/postgres-audit-log';
import { AuditEntryObserver } from './processors/audit-entry.observer';

@Module({
  providers: [RecordAuditEntryHandler, AuditEntryObserver, { provide: AuditLog, useClass: PostgresAuditLog }],
})
export class AuditModule {}
