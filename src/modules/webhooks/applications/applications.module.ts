import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChangeApplicationHandler } from './commands/change-application';
import { CreateApplicationHandler } from './commands/create-application';
import { DeleteApplicationHandler } from './commands/delete-application';
import { OpenOperationalApplicationHandler } from './commands/open-operational-application';
import { PutApplicationHandler } from './commands/put-application';
import { Application } from './domain/application';
import { ApplicationRepository } from './domain/application.repository';
import { ApplicationsController } from './http/applications.controller';
import { TypeOrmApplicationRepository } from './infra/typeorm-application.repository';
import { GetApplicationHandler } from './queries/get-application';
import { ListApplicationsHandler } from './queries/list-applications';
import { ResolveApplicationHandler } from './queries/resolve-application';

const commands = [
  CreateApplicationHandler,
  PutApplicationHandler,
  ChangeApplicationHandler,
  DeleteApplicationHandler,
  OpenOperationalApplicationHandler,
];
const queries = [GetApplicationHandler, ListApplicationsHandler, ResolveApplicationHandler];

@Module({
  imports: [TypeOrmModule.forFeature([Application])],
  controllers: [ApplicationsController],
  providers: [...commands, ...queries, { provide: ApplicationRepository, useClass: TypeOrmApplicationRepository }],
})
export class ApplicationsModule {}
