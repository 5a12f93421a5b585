import { Module } from '@nestjs/common';
import { TellOrganizationHandler } from './commands/tell-organization';
import { OperationalEndpointsController } from './http/operational-endpoints.controller';
import { OperationalKeysController } from './http/operational-keys.controller';
import { TellOrganizationObserver } from './processors/tell-organization.observer';
import { GetEventSubjectHandler } from './queries/get-event-subject';

@Module({
  controllers: [OperationalEndpointsController, OperationalKeysController],
  providers: [TellOrganizationHandler, GetEventSubjectHandler, TellOrganizationObserver],
})
export class OperationalModule {}
