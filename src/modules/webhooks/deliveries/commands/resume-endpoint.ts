import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { Clock } from '../../../../platform/time/clock';
import type { RunningTask } from '../../../tasks';
import { EnableEndpoint } from '../../endpoints';
import { MayNotResend } from '../domain/delivery.errors';
import { StartReplay } from './start-replay';

export type Recovery = { readonly since: Date; readonly permitted: boolean };

/**
 * Enables an endpoint, whoever disabled it, and sends what it missed since a time: what failed, and what came while it was disabled. A
 * repeat finds it enabled and looks once more.
 * @throws EntityNotFound; @throws InvalidField; @throws MayNotResend
 */
export class ResumeEndpoint extends Command<{ id: string; task: RunningTask | null }> {
  constructor(
    readonly organizationId: string,
    readonly application: string,
    readonly endpoint: string,
    readonly recovery: Recovery | null,
  ) {
    super();
  }
}

/** Messages carry the time of the database, which may be ahead. Looking too far does no harm: what goes its way is left alone. */
const CLOCKS_DIFFER_MS = 5_000;

@CommandHandler(ResumeEndpoint)
export class ResumeEndpointHandler implements ICommandHandler<ResumeEndpoint> {
  constructor(
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, application, endpoint, recovery }: ResumeEndpoint): Promise<{ id: string; task: RunningTask | null }> {
    if (recovery && !recovery.permitted) throw new MayNotResend();
    if (recovery && recovery.since > this.clock.now()) throw new InvalidField(['body', 'recoverSince'], 'must not be in the future');
    const { id } = await this.commands.execute(new EnableEndpoint({ organizationId, application, endpoint }));
    if (!recovery) return { id, task: null };
    // After the commit: from now on all that comes is planned for it.
    const range = { since: recovery.since, until: new Date(this.clock.now().getTime() + CLOCKS_DIFFER_MS) };
    return { id, task: await this.commands.execute(new StartReplay('endpoint.catch-up', organizationId, application, id, range)) };
  }
}
