import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';

/** Time deletes again, what it has left out meanwhile as well. */
export class ReleaseOrganization extends Command<void> {
  constructor(readonly organizationId: string) {
    super();
  }
}

@CommandHandler(ReleaseOrganization)
export class ReleaseOrganizationHandler implements ICommandHandler<ReleaseOrganization> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId }: ReleaseOrganization): Promise<void> {
    await this.sql.run('DELETE FROM legal_hold WHERE organization_id = $1', [organizationId]);
  }
}
