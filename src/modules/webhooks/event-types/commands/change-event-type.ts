import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Changes } from '../../../../platform/domain/given';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { retryOnConflict } from '../../../../platform/errors/retry-on-conflict';
import { Clock } from '../../../../platform/time/clock';
import type { EventTypeSettings } from '../domain/event-type';
import { EventTypeRepository } from '../domain/event-type.repository';
import { refuseUnusable } from './refuse-unusable';

export class ChangeEventType extends Command<{ name: string }> {
  constructor(
    readonly organizationId: string,
    readonly name: string,
    readonly changes: Changes<EventTypeSettings>,
  ) {
    super();
  }
}

@CommandHandler(ChangeEventType)
export class ChangeEventTypeHandler implements ICommandHandler<ChangeEventType> {
  constructor(
    private readonly eventTypes: EventTypeRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, name, changes }: ChangeEventType): Promise<{ name: string }> {
    refuseUnusable(changes.schemas);
    return retryOnConflict(async () => {
      const eventType = await this.eventTypes.find(organizationId, name);
      if (!eventType) throw new EntityNotFound();
      eventType.change(changes, this.clock.now());
      await this.eventTypes.save(eventType);
      return { name };
    });
  }
}
