/** What time deletes: partitions of history, payloads, and whose data is exempt. */
export { HoldOrganization } from './commands/hold-organization';
export { ReleaseOrganization } from './commands/release-organization';
export { ListLegalHolds } from './queries/list-legal-holds';
export { LegalHoldsModule, RetentionWorkerModule } from './retention.module';
