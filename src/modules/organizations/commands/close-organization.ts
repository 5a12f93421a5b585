import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { Clock } from '../../../platform/time/clock';
import { StartTask } from '../../tasks';
import { OrganizationRepository } from '../domain/organization.repository';

/** Ends everything that the organization does. It is erased when the days of grace are over, unless it is restored before. */
export class CloseOrganization extends Command<void> {
  constructor(readonly organizationId: string) {
    super();
  }
}

@CommandHandler(CloseOrganization)
export class CloseOrganizationHandler implements ICommandHandler<CloseOrganization> {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly commands: CommandBus,
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ organizationId }: CloseOrganization): Promise<void> {
    const organization = await this.organizations.find(organizationId);
    if (!organization) throw new EntityNotFound();
    organization.close(this.config.organizations.graceDays, this.clock.now());
    await this.uow.run(async () => {
      await this.organizations.save(organization);
      const task = { type: 'organization.erase', organizationId, userId: null, input: { organizationId } };
      await this.commands.execute(new StartTask(task));
    });
  }
}
