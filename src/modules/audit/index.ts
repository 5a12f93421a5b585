import { defineModule } from '../../platform/modules/feature-module';
import { AuditModule, AuditWorkerModule } from './audit.module';

/** Who did what, when: written with the change, sealed in a hash chain, never changed. */
export const audit = defineModule({ name: 'audit', module: AuditModule, worker: AuditWorkerModule });
export { AuditModule } from './audit.module';
export { VerifyAuditLog, type ChainReport } from './queries/verify-audit-log';
