import { Module } from '@nestjs/common';
import { AttemptsController } from './http/attempts.controller';
import { GetAttemptHandler } from './queries/get-attempt';
import { ListAttemptsHandler } from './queries/list-attempts';

/** What the API shows of deliveries; the engine is in `DeliveriesWorkerModule`. */
@Module({ controllers: [AttemptsController], providers: [ListAttemptsHandler, GetAttemptHandler] })
export class DeliveriesModule {}
