import { Module } from '@nestjs/common';
import { CreateMessageHandler } from './commands/create-message';
import { MessageRepository } from './domain/message.repository';
import { MessagesController } from './http/messages.controller';
import { GroupCommitMessageRepository } from './infra/group-commit-message.repository';
import { GetMessageHandler } from './queries/get-message';
import { ListMessagesHandler } from './queries/list-messages';

@Module({
  controllers: [MessagesController],
  providers: [
    CreateMessageHandler,
    GetMessageHandler,
    ListMessagesHandler,
    { provide: MessageRepository, useClass: GroupCommitMessageRepository },
  ],
})
export class MessagesModule {}
