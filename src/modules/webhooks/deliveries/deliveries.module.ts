import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints';
import { ChallengeEndpointHandler } from './commands/challenge-endpoint';
import { ReplayChunkHandler } from './commands/replay-chunk';
import { ResendMessageHandler } from './commands/resend-message';
import { ExpungeAttemptHandler } from './commands/expunge-attempt';
import { ResumeEndpointHandler } from './commands/resume-endpoint';
import { SendExampleHandler } from './commands/send-example';
import { MessageTransformation } from './commands/message-transformation';
import { SimulateTransformationHandler } from './commands/simulate-transformation';
import { StartReplayHandler } from './commands/start-replay';
import { BulkReplay, EndpointCatchUp, EndpointRecovery, MissingReplay } from './endpoint-replay.work';
import { WebhookSender } from './domain/webhook-sender';
import { AttemptsController } from './http/attempts.controller';
import { ChallengeController } from './http/challenge.controller';
import { DeliveriesController } from './http/deliveries.controller';
import { ResumeController } from './http/resume.controller';
import { ExampleController } from './http/example.controller';
import { ReplayController } from './http/replay.controller';
import { TransformationController } from './http/transformation.controller';
import { DestinationSender } from './infra/destination-sender';
import { LaneReset } from './infra/lane-reset';
import { CountEndpointsHandler } from './queries/count-endpoints';
import { ExplainMessageHandler } from './queries/explain-message';
import { GetAttemptHandler } from './queries/get-attempt';
import { GetEndpointStatsHandler } from './queries/get-endpoint-stats';
import { GetQueueDepthHandler } from './queries/get-queue-depth';
import { ListAttemptsHandler } from './queries/list-attempts';
import { ListEndpointMessagesHandler } from './queries/list-endpoint-messages';
import { ListMessageEndpointsHandler } from './queries/list-message-endpoints';
import { QueueGauges, queueGaugeProviders } from './queue-gauges';

const commands = [
  ChallengeEndpointHandler,
  ExpungeAttemptHandler,
  ResendMessageHandler,
  SendExampleHandler,
  StartReplayHandler,
  ReplayChunkHandler,
  ResumeEndpointHandler,
  SimulateTransformationHandler,
];
const works = [EndpointRecovery, MissingReplay, EndpointCatchUp, BulkReplay];
const queries = [
  ExplainMessageHandler,
  ListAttemptsHandler,
  GetAttemptHandler,
  ListEndpointMessagesHandler,
  ListMessageEndpointsHandler,
  GetEndpointStatsHandler,
  GetQueueDepthHandler,
  CountEndpointsHandler,
];

/** What the API shows of deliveries and does to them; the engine is in `DeliveriesWorkerModule`. */
@Module({
  imports: [EndpointsModule],
  controllers: [
    ChallengeController,
    AttemptsController,
    DeliveriesController,
    ReplayController,
    ResumeController,
    ExampleController,
    TransformationController,
  ],
  providers: [
    ...commands,
    ...queries,
    ...works,
    QueueGauges,
    ...queueGaugeProviders,
    LaneReset,
    MessageTransformation,
    { provide: WebhookSender, useClass: DestinationSender },
  ],
})
export class DeliveriesModule {}
