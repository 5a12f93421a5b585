import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChangeEventTypeHandler } from './commands/change-event-type';
import { CreateEventTypeHandler } from './commands/create-event-type';
import { DeleteEventTypeHandler } from './commands/delete-event-type';
import { ImportEventTypesHandler } from './commands/import-event-types';
import { PutEventTypeHandler } from './commands/put-event-type';
import { EventType } from './domain/event-type';
import { EventTypeRepository } from './domain/event-type.repository';
import { EnvironmentController } from './http/environment.controller';
import { EventTypesController } from './http/event-types.controller';
import { OpenApiImportController } from './http/openapi-import.controller';
import { TypeOrmEventTypeRepository } from './infra/typeorm-event-type.repository';
import { CheckPayloadHandler } from './queries/check-payload';
import { FindUnavailableEventTypesHandler } from './queries/find-unavailable-event-types';
import { GetEventExampleHandler } from './queries/get-event-example';
import { GetEventTypeHandler } from './queries/get-event-type';
import { ListEventTypesHandler } from './queries/list-event-types';

const commands = [CreateEventTypeHandler, PutEventTypeHandler, ChangeEventTypeHandler, DeleteEventTypeHandler, ImportEventTypesHandler];
const queries = [CheckPayloadHandler, GetEventTypeHandler, GetEventExampleHandler, ListEventTypesHandler, FindUnavailableEventTypesHandler];

@Module({
  imports: [TypeOrmModule.forFeature([EventType])],
  controllers: [EventTypesController, OpenApiImportController, EnvironmentController],
  providers: [...commands, ...queries, { provide: EventTypeRepository, useClass: TypeOrmEventTypeRepository }],
})
export class EventTypesModule {}
