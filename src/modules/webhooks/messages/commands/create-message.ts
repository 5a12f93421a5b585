import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { newId } from '../../../../platform/ids/id';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { DuplicateEventId } from '../domain/message.errors';
import { MessageRepository } from '../domain/message.repository';

export type AcceptedMessage = { readonly id: string; readonly acceptedAt: Date };

/** @throws EntityNotFound the application; @throws DuplicateEventId */
export class CreateMessage extends Command<AcceptedMessage> {
  constructor(
    readonly organizationId: string,
    readonly application: string,
    readonly event: {
      readonly eventType: string;
      readonly eventId: string | null;
      readonly channels: readonly string[] | null;
      readonly payload: Buffer;
    },
  ) {
    super();
  }
}

@CommandHandler(CreateMessage)
export class CreateMessageHandler implements ICommandHandler<CreateMessage> {
  constructor(private readonly messages: MessageRepository) {}

  async execute({ organizationId, application, event }: CreateMessage): Promise<AcceptedMessage> {
    // Nobody is called so, and one NUL would fail the statement that neighbours share.
    if (!IDENTIFIER.test(application)) throw new EntityNotFound();
    const id = newId('msg');
    const appended = await this.messages.append({ id, organizationId, application, ...event });
    if ('acceptedAt' in appended) return { id, acceptedAt: appended.acceptedAt };
    switch (appended.refused) {
      case 'unknown_application':
        throw new EntityNotFound();
      case 'duplicate_event_id':
        throw new DuplicateEventId(event.eventId ?? '');
    }
  }
}
