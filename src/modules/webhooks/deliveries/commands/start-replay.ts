import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { Clock } from '../../../../platform/time/clock';
import { type RunningTask, StartTask } from '../../../tasks';
import { ResolveEndpoint } from '../../endpoints';
import type { ReplayInput } from './replay-chunk';
import type { ReplayKind } from './replay-statements';

export type ReplayRequest = Omit<ReplayInput, 'applicationId' | 'endpointId' | 'since' | 'until'> & {
  readonly since: Date;
  /** Null: now. */
  readonly until?: Date | null | undefined;
};

/** Sends many messages to an endpoint again, in the background. @throws EntityNotFound; @throws InvalidField for times that make no sense */
export class StartReplay extends Command<RunningTask> {
  constructor(
    readonly kind: ReplayKind,
    readonly organizationId: string,
    readonly application: string,
    readonly endpoint: string,
    readonly request: ReplayRequest,
  ) {
    super();
  }
}

const DAY_MS = 86_400_000;
const MAX_RECOVERY_DAYS = 14;

@CommandHandler(StartReplay)
export class StartReplayHandler implements ICommandHandler<StartReplay> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  async execute({ kind, organizationId, application, endpoint, request }: StartReplay): Promise<RunningTask> {
    const now = this.clock.now();
    const { since, until: end, ...filter } = request;
    const until = end ?? now;
    const { id: endpointId, applicationId } = await this.queries.execute(new ResolveEndpoint(organizationId, application, endpoint));
    if (kind === 'endpoint.recover' && now.getTime() - since.getTime() > MAX_RECOVERY_DAYS * DAY_MS)
      throw new InvalidField(['body', 'since'], `must be at most ${MAX_RECOVERY_DAYS} days back`);
    if (until < since) throw new InvalidField(['body', 'until'], 'must not be before since');
    const input = { applicationId, endpointId, since: since.toISOString(), until: until.toISOString(), ...filter };
    const { id } = await this.commands.execute(new StartTask({ type: kind, organizationId, userId: null, input }));
    return { id, status: 'running', task: kind, updatedAt: now };
  }
}
