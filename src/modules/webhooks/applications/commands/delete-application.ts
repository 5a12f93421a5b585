import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { retryOnConflict } from '../../../../platform/errors/retry-on-conflict';
import { Clock } from '../../../../platform/time/clock';
import { ApplicationRepository } from '../domain/application.repository';

export class DeleteApplication extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly idOrUid: string,
  ) {
    super();
  }
}

@CommandHandler(DeleteApplication)
export class DeleteApplicationHandler implements ICommandHandler<DeleteApplication> {
  constructor(
    private readonly applications: ApplicationRepository,
    private readonly clock: Clock,
  ) {}

  execute({ organizationId, idOrUid }: DeleteApplication): Promise<void> {
    return retryOnConflict(async () => {
      const application = await this.applications.find(organizationId, idOrUid);
      if (!application) throw new EntityNotFound();
      application.delete(this.clock.now());
      await this.applications.save(application);
    });
  }
}
