import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { retryOnConflict } from '../../../../platform/errors/retry-on-conflict';
import { Clock } from '../../../../platform/time/clock';
import { EventTypeRepository } from '../domain/event-type.repository';

/** Archives an event type; `expunge` removes it without a trace. */
export class DeleteEventType extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly name: string,
    readonly expunge: boolean,
  ) {
    super();
  }
}

@CommandHandler(DeleteEventType)
export class DeleteEventTypeHandler implements ICommandHandler<DeleteEventType> {
  constructor(
    private readonly eventTypes: EventTypeRepository,
    private readonly clock: Clock,
  ) {}

  execute({ organizationId, name, expunge }: DeleteEventType): Promise<void> {
    return retryOnConflict(async () => {
      const eventType = await this.eventTypes.find(organizationId, name);
      if (!eventType) throw new EntityNotFound();
      if (expunge) {
        eventType.delete();
        await this.eventTypes.remove(eventType);
      } else {
        eventType.archive(this.clock.now());
        await this.eventTypes.save(eventType);
      }
    });
  }
}
