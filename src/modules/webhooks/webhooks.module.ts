import { Module } from '@nestjs/common';
import { ApplicationsModule } from './applications';
import { EndpointsModule } from './endpoints';
import { EventTypesModule } from './event-types';

/** One bounded context, made of features that may know each other by the table in the dependency rules. */
@Module({ imports: [ApplicationsModule, EventTypesModule, EndpointsModule] })
export class WebhooksModule {}
