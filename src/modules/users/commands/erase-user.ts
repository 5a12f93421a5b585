import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UserRepository } from '../domain/user.repository';

/** The row and all that hangs on it: proofs of address, second factor, changes on their way. Does nothing when they are gone. */
export class EraseUser extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(EraseUser)
export class EraseUserHandler implements ICommandHandler<EraseUser> {
  constructor(private readonly users: UserRepository) {}

  async execute({ userId }: EraseUser): Promise<void> {
    const user = await this.users.findById(userId);
    if (!user) return;
    user.erase();
    await this.users.remove(user);
  }
}
