import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';

/** From now on neither time nor people delete messages and attempts of this organization. Its erasure is the decision of its owner. */
export class HoldOrganization extends Command<void> {
  constructor(readonly organizationId: string) {
    super();
  }
}

const STATEMENT = 'INSERT INTO legal_hold (organization_id) VALUES ($1) ON CONFLICT DO NOTHING';

@CommandHandler(HoldOrganization)
export class HoldOrganizationHandler implements ICommandHandler<HoldOrganization> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId }: HoldOrganization): Promise<void> {
    await this.sql.run(STATEMENT, [organizationId]);
  }
}
