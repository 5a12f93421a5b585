import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../platform/time/clock';
import { UserNotFound } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';

/** From now on nobody signs in to the account; `EraseUser` follows. */
export class RequestErasure extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(RequestErasure)
export class RequestErasureHandler implements ICommandHandler<RequestErasure> {
  constructor(
    private readonly users: UserRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ userId }: RequestErasure): Promise<void> {
    const user = await this.users.findById(userId);
    if (!user) throw new UserNotFound(userId);
    user.requestErasure(this.clock.now());
    await this.users.save(user);
  }
}
