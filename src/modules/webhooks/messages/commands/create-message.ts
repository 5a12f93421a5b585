import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError, EntityNotFound } from '../../../../platform/errors/domain-error';
import type { ApplicationRef } from '../../applications';
import type { Event } from '../domain/event';
import { MessageRepository } from '../domain/message.repository';
import { type AcceptedMessage, MessageIntake } from './message-intake';

/** @throws EntityNotFound the application; @throws DuplicateEventId, InvalidField, ValidationFailed, MayNotCreateApplication */
export class CreateMessage extends Command<AcceptedMessage> {
  constructor(
    readonly organizationId: string,
    readonly application: ApplicationRef,
    readonly event: Event,
  ) {
    super();
  }
}

@CommandHandler(CreateMessage)
export class CreateMessageHandler implements ICommandHandler<CreateMessage> {
  constructor(
    private readonly messages: MessageRepository,
    private readonly intake: MessageIntake,
  ) {}

  async execute({ organizationId, application, event }: CreateMessage): Promise<AcceptedMessage> {
    const write: Parameters<MessageIntake['take']>[3] = (messages) => Promise.all(messages.map((message) => this.messages.append(message)));
    const [taken] = await this.intake.take(organizationId, application, [event], write);
    if (!taken || taken instanceof DomainError) throw taken ?? new EntityNotFound();
    return taken;
  }
}
