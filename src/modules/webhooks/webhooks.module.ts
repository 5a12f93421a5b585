import { Module } from '@nestjs/common';
import { ApplicationsModule } from './applications';
import { DELIVER_QUEUE, DeliveriesModule, DeliveriesWorkerModule, FAN_OUT_QUEUE } from './deliveries';
import { EndpointsModule } from './endpoints';
import { EventTypesModule } from './event-types';
import { MessagesModule, MessagesWorkerModule } from './messages';
import { RetentionWorkerModule } from './retention';
import { UsageModule } from './usage';
import { OperationalModule } from './operational';

/** Bull queues of the context, beside those of its observers. */
export const WEBHOOK_QUEUES = [FAN_OUT_QUEUE, DELIVER_QUEUE];

/** One bounded context, made of features that may know each other by the table in the dependency rules. */
@Module({
  imports: [ApplicationsModule, EventTypesModule, EndpointsModule, MessagesModule, DeliveriesModule, OperationalModule, UsageModule],
})
export class WebhooksModule {}

/** What only the worker runs. */
@Module({ imports: [MessagesWorkerModule, DeliveriesWorkerModule, RetentionWorkerModule] })
export class WebhooksWorkerModule {}
