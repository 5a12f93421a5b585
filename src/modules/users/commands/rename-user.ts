import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../platform/time/clock';
import { UserNotFound } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';

export class RenameUser extends Command<void> {
  constructor(
    readonly userId: string,
    readonly name: string,
  ) {
    super();
  }
}

@CommandHandler(RenameUser)
export class RenameUserHandler implements ICommandHandler<RenameUser> {
  constructor(
    private readonly users: UserRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ userId, name }: RenameUser): Promise<void> {
    const user = await this.users.findById(userId);
    if (!user) throw new UserNotFound(userId);
    user.rename(name, this.clock.now());
    await this.users.save(user);
  }
}
