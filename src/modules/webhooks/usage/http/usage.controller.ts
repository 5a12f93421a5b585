import { Body, Controller, HttpCode, Post, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../../platform/http/access';
import { identifier, instant } from '../../../../platform/http/fields';
import { OrganizationId } from '../../../../platform/http/principal';
import { RunningTaskOut } from '../../../tasks';
import { StartApplicationUsage } from '../commands/start-application-usage';
import { StartSubscriptionUsage } from '../commands/start-subscription-usage';
import { UsageRead } from '../usage.permissions';

const MAX_APPLICATIONS = 1_000;

const UsageIn = z
  .object({
    since: instant.meta({ description: 'Messages from then on.', examples: ['2026-01-01T00:00:00Z'] }),
    until: instant.meta({ description: 'Messages before then.', examples: ['2026-02-01T00:00:00Z'] }),
    appIds: z.array(identifier).max(MAX_APPLICATIONS).nullish().meta({ description: 'Ids or uids; all applications when there are none.' }),
  })
  .meta({ id: 'AppUsageStatsIn' });

const UsageOut = RunningTaskOut.extend({
  unresolvedAppIds: z.array(z.string()).meta({ description: 'Of `appIds`, those that name no application.' }),
}).meta({ id: 'AppUsageStatsOut' });

@ApiTags('Usage')
@Access(UsageRead)
@Controller('stats/usage')
export class UsageController {
  constructor(private readonly commands: CommandBus) {}

  @Post('app')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'countApplicationUsage',
    summary:
      'Count the deliveries of applications, by a background task whose data is `{"appStats":[{"appId","appUid","messageDestinations"}]}`',
  })
  @ApiResponse({ status: 202, description: 'A background task does it.', standardSchema: UsageOut })
  applications(@OrganizationId() organizationId: string, @Body({ schema: UsageIn }) { since, until, appIds }: z.output<typeof UsageIn>) {
    return this.commands.execute(new StartApplicationUsage(organizationId, since, until, appIds ?? []));
  }

  @Put('event-types')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'aggregateEventTypes',
    summary: 'Find out what applications subscribe to, by a background task whose data is `{"event_types":[{"appId",…}]}`',
  })
  @ApiResponse({ status: 202, description: 'A background task does it.', standardSchema: RunningTaskOut })
  eventTypes(@OrganizationId() organizationId: string) {
    return this.commands.execute(new StartSubscriptionUsage(organizationId));
  }
}
