import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { Clock } from '../../../platform/time/clock';
import { OrganizationRepository } from '../domain/organization.repository';

export class RenameOrganization extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly name: string,
  ) {
    super();
  }
}

@CommandHandler(RenameOrganization)
export class RenameOrganizationHandler implements ICommandHandler<RenameOrganization> {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, name }: RenameOrganization): Promise<void> {
    const organization = await this.organizations.find(organizationId);
    if (!organization) throw new EntityNotFound();
    organization.rename(name, this.clock.now());
    await this.organizations.save(organization);
  }
}
