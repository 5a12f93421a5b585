import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';

/** Deletes the keys of an organization that was erased, and what is kept of its portal tokens; all were refused since it was closed. */
export class EraseApiKeys extends Command<void> {
  constructor(readonly organizationId: string) {
    super();
  }
}

@CommandHandler(EraseApiKeys)
export class EraseApiKeysHandler implements ICommandHandler<EraseApiKeys> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId }: EraseApiKeys): Promise<void> {
    await this.sql.run('DELETE FROM api_key WHERE organization_id = $1', [organizationId]);
    await this.sql.run('DELETE FROM portal_end WHERE organization_id = $1', [organizationId]);
    await this.sql.run('DELETE FROM portal_expiry WHERE organization_id = $1', [organizationId]);
  }
}
