import { Module } from '@nestjs/common';
import { ReplayChunkHandler } from './commands/replay-chunk';
import { ResendMessageHandler } from './commands/resend-message';
import { SendExampleHandler } from './commands/send-example';
import { StartReplayHandler } from './commands/start-replay';
import { BulkReplay, EndpointRecovery, MissingReplay } from './endpoint-replay.work';
import { AttemptsController } from './http/attempts.controller';
import { DeliveriesController } from './http/deliveries.controller';
import { ExampleController } from './http/example.controller';
import { ReplayController } from './http/replay.controller';
import { GetAttemptHandler } from './queries/get-attempt';
import { GetEndpointStatsHandler } from './queries/get-endpoint-stats';
import { ListAttemptsHandler } from './queries/list-attempts';
import { ListEndpointMessagesHandler } from './queries/list-endpoint-messages';
import { ListMessageEndpointsHandler } from './queries/list-message-endpoints';

const commands = [ResendMessageHandler, SendExampleHandler, StartReplayHandler, ReplayChunkHandler];
const works = [EndpointRecovery, MissingReplay, BulkReplay];
const queries = [ListAttemptsHandler, GetAttemptHandler, ListEndpointMessagesHandler, ListMessageEndpointsHandler, GetEndpointStatsHandler];

/** What the API shows of deliveries and does to them; the engine is in `DeliveriesWorkerModule`. */
@Module({
  controllers: [AttemptsController, DeliveriesController, ReplayController, ExampleController],
  providers: [...commands, ...queries, ...works],
})
export class DeliveriesModule {}
