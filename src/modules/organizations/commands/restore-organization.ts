import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { Clock } from '../../../platform/time/clock';
import { OrganizationRepository } from '../domain/organization.repository';

/** Takes a deletion back. Deliveries that were canceled stay canceled. */
export class RestoreOrganization extends Command<void> {
  constructor(readonly organizationId: string) {
    super();
  }
}

@CommandHandler(RestoreOrganization)
export class RestoreOrganizationHandler implements ICommandHandler<RestoreOrganization> {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId }: RestoreOrganization): Promise<void> {
    const organization = await this.organizations.find(organizationId);
    if (!organization) throw new EntityNotFound();
    organization.restore(this.clock.now());
    await this.organizations.save(organization);
  }
}
