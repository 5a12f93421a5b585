import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Changes } from '../../../../platform/domain/given';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { retryOnConflict } from '../../../../platform/errors/retry-on-conflict';
import { Clock } from '../../../../platform/time/clock';
import type { ApplicationSettings } from '../domain/application';
import { ApplicationRepository } from '../domain/application.repository';

export class ChangeApplication extends Command<{ id: string }> {
  constructor(
    readonly organizationId: string,
    readonly idOrUid: string,
    readonly changes: Changes<ApplicationSettings>,
  ) {
    super();
  }
}

@CommandHandler(ChangeApplication)
export class ChangeApplicationHandler implements ICommandHandler<ChangeApplication> {
  constructor(
    private readonly applications: ApplicationRepository,
    private readonly clock: Clock,
  ) {}

  execute({ organizationId, idOrUid, changes }: ChangeApplication): Promise<{ id: string }> {
    return retryOnConflict(async () => {
      const application = await this.applications.find(organizationId, idOrUid);
      if (!application) throw new EntityNotFound();
      application.change(changes, this.clock.now());
      await this.applications.save(application);
      return { id: application.id };
    });
  }
}
