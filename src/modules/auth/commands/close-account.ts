import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { CloseOrganization, ListOwnedOrganizations } from '../../organizations';
import { StartTask } from '../../tasks';
import { RequestErasure } from '../../users';
import { OwnsOrganization } from '../domain/auth.errors';
import { EndSessions } from './end-sessions';

/** Signs the person out for good, closes what they own alone, and has everything erased in the background. */
export class CloseAccount extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(CloseAccount)
export class CloseAccountHandler implements ICommandHandler<CloseAccount> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly uow: UnitOfWork,
  ) {}

  async execute({ userId }: CloseAccount): Promise<void> {
    const owned = await this.queries.execute(new ListOwnedOrganizations(userId));
    if (owned.some(({ shared }) => shared)) throw new OwnsOrganization();
    await this.uow.run(async () => {
      await this.commands.execute(new RequestErasure(userId));
      await this.commands.execute(new EndSessions(userId, null, 'account_closed'));
      for (const { organizationId } of owned) await this.commands.execute(new CloseOrganization(organizationId));
      // Nobody's: the tasks of the person go with them.
      await this.commands.execute(new StartTask({ type: 'user.erase', organizationId: null, userId: null, input: { userId } }));
    });
  }
}
