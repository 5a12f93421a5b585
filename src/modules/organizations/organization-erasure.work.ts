import { CommandBus } from '@nestjs/cqrs';
import { type StepResult, type Task, TaskSteps, TaskWork } from '../tasks';
import { EraseOrganization } from './commands/erase-organization';

const HOUR_MS = 3_600_000;

/** Begins when an organization is closed, and waits out its days of grace. */
@TaskSteps('organization.erase')
export class OrganizationErasure extends TaskWork<{ readonly organizationId: string }, null> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  override async step({ input }: Task<{ readonly organizationId: string }, null>): Promise<StepResult<null>> {
    const erasure = await this.commands.execute(new EraseOrganization(input.organizationId));
    // Hours and not days: the task of an organization that was restored should not linger.
    return erasure ? { cursor: null, done: false, againInMs: Math.min(erasure.waitMs, HOUR_MS) } : { cursor: null, done: true };
  }
}
