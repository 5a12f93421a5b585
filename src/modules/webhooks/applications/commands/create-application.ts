import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { retryOnConflict } from '../../../../platform/errors/retry-on-conflict';
import { newId } from '../../../../platform/ids/id';
import { Clock } from '../../../../platform/time/clock';
import { Application, type ApplicationSettings } from '../domain/application';
import { APPLICATION_ID, ApplicationRepository } from '../domain/application.repository';

export class CreateApplication extends Command<{ id: string; created: boolean }> {
  constructor(
    readonly organizationId: string,
    readonly settings: ApplicationSettings,
    /** An application with this uid is as good as a new one. */
    readonly orGet: boolean,
  ) {
    super();
  }
}

@CommandHandler(CreateApplication)
export class CreateApplicationHandler implements ICommandHandler<CreateApplication> {
  constructor(
    private readonly applications: ApplicationRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: CreateApplication): Promise<{ id: string; created: boolean }> {
    return command.orGet ? retryOnConflict(() => this.getOrCreate(command)) : this.create(command);
  }

  private async getOrCreate(command: CreateApplication): Promise<{ id: string; created: boolean }> {
    const { organizationId, settings } = command;
    const existing = settings.uid === null ? null : await this.applications.find(organizationId, settings.uid);
    return existing ? { id: existing.id, created: false } : this.create(command);
  }

  private async create({ organizationId, settings }: CreateApplication): Promise<{ id: string; created: boolean }> {
    const application = Application.create(newId(APPLICATION_ID), organizationId, settings, this.clock.now());
    await this.applications.save(application);
    return { id: application.id, created: true };
  }
}
