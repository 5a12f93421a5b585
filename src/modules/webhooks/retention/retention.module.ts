import { Module } from '@nestjs/common';
import { ApplyRetentionHandler } from './commands/apply-retention';
import { HoldOrganizationHandler } from './commands/hold-organization';
import { ReleaseOrganizationHandler } from './commands/release-organization';
import { RetentionKeeper } from './processors/retention-keeper';
import { ListLegalHoldsHandler } from './queries/list-legal-holds';

/** For operators, by `npm run retention`. */
@Module({ providers: [HoldOrganizationHandler, ReleaseOrganizationHandler, ListLegalHoldsHandler] })
export class LegalHoldsModule {}

/** Only the worker deletes. */
@Module({ providers: [ApplyRetentionHandler, RetentionKeeper] })
export class RetentionWorkerModule {}
