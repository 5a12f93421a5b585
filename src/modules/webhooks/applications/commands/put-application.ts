import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EntityNotFound, InvalidField } from '../../../../platform/errors/domain-error';
import { retryOnConflict } from '../../../../platform/errors/retry-on-conflict';
import { newId } from '../../../../platform/ids/id';
import { IDENTIFIER, isIdOf } from '../../../../platform/ids/reference';
import { Clock } from '../../../../platform/time/clock';
import { Application, type ApplicationSettings } from '../domain/application';
import { APPLICATION_ID, ApplicationRepository } from '../domain/application.repository';

/** Replaces the settings of an application, or creates it. A uid that is not given is the one of the path. */
export class PutApplication extends Command<{ id: string; created: boolean }> {
  constructor(
    readonly organizationId: string,
    readonly idOrUid: string,
    readonly settings: Omit<ApplicationSettings, 'uid'> & { readonly uid?: string | null | undefined },
  ) {
    super();
  }
}

@CommandHandler(PutApplication)
export class PutApplicationHandler implements ICommandHandler<PutApplication> {
  constructor(
    private readonly applications: ApplicationRepository,
    private readonly clock: Clock,
  ) {}

  execute(command: PutApplication): Promise<{ id: string; created: boolean }> {
    return retryOnConflict(() => this.put(command));
  }

  private async put({ organizationId, idOrUid, settings }: PutApplication): Promise<{ id: string; created: boolean }> {
    const byId = isIdOf(APPLICATION_ID, idOrUid);
    const complete = { ...settings, uid: settings.uid === undefined && !byId ? idOrUid : (settings.uid ?? null) };
    const existing = await this.applications.find(organizationId, idOrUid);
    if (existing) {
      existing.change(complete, this.clock.now());
      await this.applications.save(existing);
      return { id: existing.id, created: false };
    }
    if (byId) throw new EntityNotFound(); // Ids are ours to give.
    if (!IDENTIFIER.test(idOrUid)) throw new InvalidField(['path', 'app_id'], 'This cannot be the uid of a new application.');
    const application = Application.create(newId(APPLICATION_ID), organizationId, complete, this.clock.now());
    await this.applications.save(application);
    return { id: application.id, created: true };
  }
}
