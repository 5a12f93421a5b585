import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { newId } from '../../../../platform/ids/id';
import { refuseIfHeld } from '../../../../platform/retention/legal-hold';
import { Clock } from '../../../../platform/time/clock';
import { type RunningTask, StartTask } from '../../../tasks';
import { ResolveApplication } from '../../applications';
import type { PurgeInput } from './purge-payloads';

/** Deletes all payloads that an application has until now, in the background. @throws EntityNotFound, UnderLegalHold */
export class StartPurge extends Command<RunningTask> {
  constructor(
    readonly organizationId: string,
    readonly application: string,
  ) {
    super();
  }
}

const TYPE = 'application.purge_content';

@CommandHandler(StartPurge)
export class StartPurgeHandler implements ICommandHandler<StartPurge> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
    private readonly sql: Sql,
  ) {}

  async execute({ organizationId, application }: StartPurge): Promise<RunningTask> {
    const { id: applicationId } = await this.queries.execute(new ResolveApplication(organizationId, application));
    await refuseIfHeld(this.sql, organizationId);
    const input: PurgeInput = { applicationId, untilId: newId('msg') };
    const { id } = await this.commands.execute(new StartTask({ type: TYPE, organizationId, userId: null, input }));
    return { id, status: 'running', task: TYPE, updatedAt: this.clock.now() };
  }
}
