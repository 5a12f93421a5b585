import { Module } from '@nestjs/common';
import { ReplayChunkHandler } from './commands/replay-chunk';
import { ResendMessageHandler } from './commands/resend-message';
import { StartReplayHandler } from './commands/start-replay';
import { BulkReplay, EndpointRecovery, MissingReplay } from './endpoint-replay.work';
import { AttemptsController } from './http/attempts.controller';
import { DeliveriesController } from './http/deliveries.controller';
import { ReplayController } from './http/replay.controller';
import { ExplainMessageHandler } from './queries/explain-message';
import { GetAttemptHandler } from './queries/get-attempt';
import { GetEndpointStatsHandler } from './queries/get-endpoint-stats';
import { ListAttemptsHandler } from './queries/list-attempts';
import { ListEndpointMessagesHandler } from './queries/list-endpoint-messages';
import { ListMessageEndpointsHandler } from './queries/list-message-endpoints';

const commands = [ResendMessageHandler, StartReplayHandler, ReplayChunkHandler];
const works = [EndpointRecovery, MissingReplay, BulkReplay];
const queries = [
  ExplainMessageHandler,
  ListAttemptsHandler,
  GetAttemptHandler,
  ListEndpointMessagesHandler,
  ListMessageEndpointsHandler,
  GetEndpointStatsHandler,
];

/** What the API shows of deliveries and does to them; the engine is in `DeliveriesWorkerModule`. */
@Module({ controllers: [AttemptsController, DeliveriesController, ReplayController], providers: [...commands, ...queries, ...works] })
export class DeliveriesModule {}
