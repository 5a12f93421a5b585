import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { GetMemberships, RemoveMember } from '../organizations';
import { ForgetTasks, type StepResult, type Task, TaskSteps, TaskWork } from '../tasks';
import { EraseUser } from '../users';
import { EraseSessions } from './commands/erase-sessions';

/** What is left of somebody who closed their account. What they owned alone is closed already, and erased when its days of grace are over. */
@TaskSteps('user.erase')
export class AccountErasure extends TaskWork<{ readonly userId: string }, null> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {
    super();
  }

  override async step({ input: { userId } }: Task<{ readonly userId: string }, null>): Promise<StepResult<null>> {
    for (const { organizationId, role } of await this.queries.execute(new GetMemberships(userId)))
      if (role !== 'owner') await this.commands.execute(new RemoveMember(organizationId, userId));
    await this.commands.execute(new EraseSessions(userId));
    await this.commands.execute(new ForgetTasks(userId));
    await this.commands.execute(new EraseUser(userId));
    return { cursor: null, done: true };
  }
}
