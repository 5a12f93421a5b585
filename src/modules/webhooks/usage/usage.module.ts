import { Module } from '@nestjs/common';
import { ApplicationUsage } from './application-usage.work';
import { StartApplicationUsageHandler } from './commands/start-application-usage';
import { StartSubscriptionUsageHandler } from './commands/start-subscription-usage';
import { UsageController } from './http/usage.controller';
import { CountDestinationsHandler } from './queries/count-destinations';
import { FindApplicationsHandler } from './queries/find-applications';
import { ListApplicationIdsHandler } from './queries/list-application-ids';
import { ListSubscriptionsHandler } from './queries/list-subscriptions';
import { SubscriptionUsage } from './subscription-usage.work';

const commands = [StartApplicationUsageHandler, StartSubscriptionUsageHandler];
const queries = [CountDestinationsHandler, FindApplicationsHandler, ListApplicationIdsHandler, ListSubscriptionsHandler];

@Module({ controllers: [UsageController], providers: [...commands, ...queries, ApplicationUsage, SubscriptionUsage] })
export class UsageModule {}
