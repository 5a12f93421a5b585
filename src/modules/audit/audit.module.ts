import { Module } from '@nestjs/common';
import { AuditLogController } from './http/audit-log.controller';
import { AuditCutter } from './infra/audit-cutter';
import { AuditSealer } from './infra/audit-sealer';
import { AuditTrail } from './infra/audit-trail';
import { ListAuditEntriesHandler } from './queries/list-audit-entries';
import { VerifyAuditLogHandler } from './queries/verify-audit-log';

@Module({
  controllers: [AuditLogController],
  providers: [AuditTrail, ListAuditEntriesHandler, VerifyAuditLogHandler],
})
export class AuditModule {}

/** What only the worker runs. */
@Module({ providers: [AuditSealer, AuditCutter] })
export class AuditWorkerModule {}
