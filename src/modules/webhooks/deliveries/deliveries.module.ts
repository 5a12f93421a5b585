import { Module } from '@nestjs/common';
import { ResendMessageHandler } from './commands/resend-message';
import { AttemptsController } from './http/attempts.controller';
import { DeliveriesController } from './http/deliveries.controller';
import { GetAttemptHandler } from './queries/get-attempt';
import { GetEndpointStatsHandler } from './queries/get-endpoint-stats';
import { ListAttemptsHandler } from './queries/list-attempts';
import { ListEndpointMessagesHandler } from './queries/list-endpoint-messages';
import { ListMessageEndpointsHandler } from './queries/list-message-endpoints';

const commands = [ResendMessageHandler];
const queries = [ListAttemptsHandler, GetAttemptHandler, ListEndpointMessagesHandler, ListMessageEndpointsHandler, GetEndpointStatsHandler];

/** What the API shows of deliveries and does to them; the engine is in `DeliveriesWorkerModule`. */
@Module({ controllers: [AttemptsController, DeliveriesController], providers: [...commands, ...queries] })
export class DeliveriesModule {}
