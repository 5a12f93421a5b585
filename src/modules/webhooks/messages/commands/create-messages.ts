import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { MessageRepository } from '../domain/message.repository';
import { type HandedIn, MessageIntake, type Taken } from './message-intake';

/** Many messages in one commit; those that are refused are left out. @throws EntityNotFound the application; @throws MayNotCreateApplication */
export class CreateMessages extends Command<readonly Taken[]> {
  constructor(
    readonly organizationId: string,
    readonly application: string,
    readonly events: readonly HandedIn[],
  ) {
    super();
  }
}

@CommandHandler(CreateMessages)
export class CreateMessagesHandler implements ICommandHandler<CreateMessages> {
  constructor(
    private readonly messages: MessageRepository,
    private readonly intake: MessageIntake,
  ) {}

  execute({ organizationId, application, events }: CreateMessages): Promise<readonly Taken[]> {
    return this.intake.take(organizationId, application, events, (messages) => this.messages.appendAll(messages));
  }
}
