import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { retryOnConflict } from '../../../../platform/errors/retry-on-conflict';
import { newId } from '../../../../platform/ids/id';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { Clock } from '../../../../platform/time/clock';
import { EventType, type EventTypeSettings } from '../domain/event-type';
import { EVENT_TYPE_ID, EventTypeRepository } from '../domain/event-type.repository';
import { refuseUnusable } from './refuse-unusable';

/** Replaces the settings of an event type, or creates it. */
export class PutEventType extends Command<{ name: string; created: boolean }> {
  constructor(
    readonly organizationId: string,
    readonly name: string,
    readonly settings: EventTypeSettings,
  ) {
    super();
  }
}

@CommandHandler(PutEventType)
export class PutEventTypeHandler implements ICommandHandler<PutEventType> {
  constructor(
    private readonly eventTypes: EventTypeRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, name, settings }: PutEventType): Promise<{ name: string; created: boolean }> {
    if (!IDENTIFIER.test(name)) throw new InvalidField(['path', 'event_type_name'], 'This cannot be the name of an event type.');
    refuseUnusable(settings.schemas);
    return retryOnConflict(async () => {
      const existing = await this.eventTypes.find(organizationId, name);
      existing?.change(settings, this.clock.now());
      await this.eventTypes.save(existing ?? EventType.create(newId(EVENT_TYPE_ID), organizationId, name, settings, this.clock.now()));
      return { name, created: existing === null };
    });
  }
}
