import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints';
import { BeatHandler } from './commands/beat';
import { CloseDeliveriesHandler } from './commands/close-deliveries';
import { DeliverDueHandler } from './commands/deliver-due';
import { DeliveryAttempts } from './commands/delivery-attempts';
import { DeliveryPump } from './commands/delivery-pump';
import { DrainDeliveriesHandler } from './commands/drain-deliveries';
import { EraseWebhooksHandler } from './commands/erase-webhooks';
import { FanOutMessagesHandler } from './commands/fan-out-messages';
import { FilterCandidatesHandler } from './commands/filter-candidates';
import { MessageTransformation } from './commands/message-transformation';
import { SweepHandler } from './commands/sweep';
import { WatchHealthHandler } from './commands/watch-health';
import { DeliveryMetrics, deliveryMetricProviders } from './delivery-metrics';
import { DeliveryStore } from './domain/delivery-store';
import { WebhookSender } from './domain/webhook-sender';
import { DestinationSender } from './infra/destination-sender';
import { Receivers } from './infra/receivers';
import { SqlDeliveryStore } from './infra/sql-delivery-store';
import { ClosedOrganizationObserver } from './processors/closed-organization.observer';
import { DeliverProcessor } from './processors/deliver.processor';
import { ErasedOrganizationObserver } from './processors/erased-organization.observer';
import { FanOutProcessor } from './processors/fan-out.processor';
import { HealthWatch } from './processors/health-watch';
import { MessageRelay } from './processors/message-relay';
import { PlanningShift } from './processors/planning-shift';
import { WorkerLife } from './processors/worker-life';

const commands = [
  FanOutMessagesHandler,
  FilterCandidatesHandler,
  DeliverDueHandler,
  SweepHandler,
  BeatHandler,
  DrainDeliveriesHandler,
  CloseDeliveriesHandler,
  EraseWebhooksHandler,
  WatchHealthHandler,
];
const services = [
  DeliveryPump,
  DeliveryAttempts,
  MessageTransformation,
  DeliveryMetrics,
  ...deliveryMetricProviders,
  Receivers,
  { provide: DeliveryStore, useClass: SqlDeliveryStore },
  { provide: WebhookSender, useClass: DestinationSender },
];

/** The engine: only the worker runs it. */
@Module({
  imports: [EndpointsModule],
  providers: [
    ...commands,
    ...services,
    FanOutProcessor,
    DeliverProcessor,
    PlanningShift,
    MessageRelay,
    WorkerLife,
    HealthWatch,
    ClosedOrganizationObserver,
    ErasedOrganizationObserver,
  ],
})
export class DeliveriesWorkerModule {}
