import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newId } from '../../../../platform/ids/id';
import { Clock } from '../../../../platform/time/clock';
import { EventType, type EventTypeSettings } from '../domain/event-type';
import { EventTypeExists } from '../domain/event-type.errors';
import { EVENT_TYPE_ID, EventTypeRepository } from '../domain/event-type.repository';
import { refuseUnusable } from './refuse-unusable';

/** An archived event type of this name comes back with the new settings. */
export class CreateEventType extends Command<{ name: string }> {
  constructor(
    readonly organizationId: string,
    readonly name: string,
    readonly settings: EventTypeSettings,
  ) {
    super();
  }
}

@CommandHandler(CreateEventType)
export class CreateEventTypeHandler implements ICommandHandler<CreateEventType> {
  constructor(
    private readonly eventTypes: EventTypeRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, name, settings }: CreateEventType): Promise<{ name: string }> {
    refuseUnusable(settings.schemas);
    const existing = await this.eventTypes.find(organizationId, name);
    if (existing && !existing.archived) throw new EventTypeExists(name);
    const eventType = existing ?? EventType.create(newId(EVENT_TYPE_ID), organizationId, name, settings, this.clock.now());
    if (existing) existing.change(settings, this.clock.now());
    await this.eventTypes.save(eventType);
    return { name };
  }
}
