import { Module } from '@nestjs/common';
import { AuditLog } from './domain/audit-log';
import { AuditTrail } from './infra/audit-trail';
import { PostgresAuditLog } from './infra/postgres-audit-log';

@Module({
  providers: [AuditTrail, { provide: AuditLog, useClass: PostgresAuditLog }],
})
export class AuditModule {}
