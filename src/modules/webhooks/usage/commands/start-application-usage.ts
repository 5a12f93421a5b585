import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { Clock } from '../../../../platform/time/clock';
import { type RunningTask, StartTask } from '../../../tasks';
import type { ApplicationUsageInput } from '../application-usage.work';
import { FindApplications } from '../queries/find-applications';

/** Counts deliveries by application, in the background. @throws InvalidField when the times make no sense, or nothing is left to count */
export class StartApplicationUsage extends Command<RunningTask & { readonly unresolvedAppIds: readonly string[] }> {
  constructor(
    readonly organizationId: string,
    readonly since: Date,
    readonly until: Date,
    /** Ids or uids; none for all applications. */
    readonly applications: readonly string[],
  ) {
    super();
  }
}

const TYPE = 'application.stats';

@CommandHandler(StartApplicationUsage)
export class StartApplicationUsageHandler implements ICommandHandler<StartApplicationUsage> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, since, until, applications }: StartApplicationUsage) {
    const now = this.clock.now();
    if (until < since) throw new InvalidField(['body', 'until'], 'must not be before since');
    const found = await this.queries.execute(new FindApplications(organizationId, applications));
    const known = new Set(found.map(({ ref }) => ref));
    const unresolved = [...new Set(applications)].filter((ref) => !known.has(ref));
    if (applications.length > 0 && found.length === 0) throw new InvalidField(['body', 'appIds'], 'names no application that exists');
    const input: ApplicationUsageInput = {
      since: new Date(Math.min(since.getTime(), now.getTime())).toISOString(),
      until: new Date(Math.min(until.getTime(), now.getTime())).toISOString(),
      applicationIds: applications.length > 0 ? [...new Set(found.map(({ id }) => id))] : null,
      unresolved,
    };
    const { id } = await this.commands.execute(new StartTask({ type: TYPE, organizationId, userId: null, input }));
    return { id, status: 'running' as const, task: TYPE, updatedAt: now, unresolvedAppIds: unresolved };
  }
}
