import { CommandBus } from '@nestjs/cqrs';
import { type StepResult, type Task, TaskSteps, TaskWork } from '../../tasks';
import { type PurgeCursor, type PurgeInput, PurgePayloads } from './commands/purge-payloads';

/** A thousand messages a step, whose place is committed with what became of them. */
@TaskSteps('application.purge_content')
export class PayloadPurge extends TaskWork<PurgeInput, PurgeCursor> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  override async step({ organizationId, input, cursor }: Task<PurgeInput, PurgeCursor>): Promise<StepResult<PurgeCursor>> {
    if (organizationId === null) throw new Error('A purge without an organization.');
    const before = cursor ?? { afterId: '', purged: 0 };
    const after = await this.commands.execute(new PurgePayloads(organizationId, input, before));
    if (after) return { cursor: after, done: false };
    return { cursor: before, done: true, result: { messagesPurged: before.purged } };
  }
}
