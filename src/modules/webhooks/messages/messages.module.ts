import { Module } from '@nestjs/common';
import { CancelMessageHandler } from './commands/cancel-message';
import { CreateMessageHandler } from './commands/create-message';
import { CreateMessagesHandler } from './commands/create-messages';
import { ExpirePayloadsHandler } from './commands/expire-payloads';
import { ExpungeMessagesHandler } from './commands/expunge-messages';
import { MessageIntake } from './commands/message-intake';
import { PurgePayloadsHandler } from './commands/purge-payloads';
import { ReleaseScheduledHandler } from './commands/release-scheduled';
import { StartPurgeHandler } from './commands/start-purge';
import { MessageRepository } from './domain/message.repository';
import { MessageContentController } from './http/message-content.controller';
import { MessagesController } from './http/messages.controller';
import { GroupCommitMessageRepository } from './infra/group-commit-message.repository';
import { MessageMetrics, messageMetricProviders } from './message-metrics';
import { PayloadPurge } from './payload-purge.work';
import { MessageClock } from './processors/message-clock';
import { GetMessageHandler } from './queries/get-message';
import { ListMessagesHandler } from './queries/list-messages';
import { PrecheckMessageHandler } from './queries/precheck-message';

const commands = [
  MessageIntake,
  MessageMetrics,
  CreateMessageHandler,
  CreateMessagesHandler,
  CancelMessageHandler,
  ExpungeMessagesHandler,
  StartPurgeHandler,
  PurgePayloadsHandler,
];
const queries = [GetMessageHandler, ListMessagesHandler, PrecheckMessageHandler];

@Module({
  controllers: [MessagesController, MessageContentController],
  providers: [
    ...commands,
    ...queries,
    ...messageMetricProviders,
    PayloadPurge,
    { provide: MessageRepository, useClass: GroupCommitMessageRepository },
  ],
})
export class MessagesModule {}

/** What only the worker does. */
@Module({ providers: [ReleaseScheduledHandler, ExpirePayloadsHandler, MessageClock] })
export class MessagesWorkerModule {}
