import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ConcurrentChange } from '../../../../platform/errors/domain-error';
import { Clock } from '../../../../platform/time/clock';
import { operationalApplicationId } from '../application-ref';
import { Application } from '../domain/application';
import { ApplicationRepository } from '../domain/application.repository';

/** Makes the hidden application of an organization, unless it is there. */
export class OpenOperationalApplication extends Command<void> {
  constructor(readonly organizationId: string) {
    super();
  }
}

@CommandHandler(OpenOperationalApplication)
export class OpenOperationalApplicationHandler implements ICommandHandler<OpenOperationalApplication> {
  constructor(
    private readonly applications: ApplicationRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId }: OpenOperationalApplication): Promise<void> {
    const id = operationalApplicationId(organizationId);
    try {
      await this.applications.save(Application.operational(id, organizationId, this.clock.now()));
    } catch (error) {
      if (!(error instanceof ConcurrentChange)) throw error; // It is there.
    }
  }
}
