/** Who did what, when: written with the change, sealed in a hash chain, never changed. */
export { AuditModule, AuditWorkerModule } from './audit.module';
export { VerifyAuditLog, type ChainReport } from './queries/verify-audit-log';
