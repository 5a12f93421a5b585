import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { Clock } from '../../../platform/time/clock';
import { CommonPasswords } from '../domain/common-passwords';
import { mustBeHardToGuess } from '../domain/new-password';
import { PasswordHasher } from '../domain/password-hasher';
import { UserNotFound } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';

export class ChangePassword extends Command<void> {
  /** @param alongside what else happens in the transaction of the change */
  constructor(
    readonly userId: string,
    readonly newPassword: string,
    readonly alongside: () => Promise<void>,
  ) {
    super();
  }
}

@CommandHandler(ChangePassword)
export class ChangePasswordHandler implements ICommandHandler<ChangePassword> {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly common: CommonPasswords,
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ userId, newPassword, alongside }: ChangePassword): Promise<void> {
    const user = await this.users.findById(userId);
    if (!user) throw new UserNotFound(userId);
    await mustBeHardToGuess(newPassword, user.email, this.common, ['body', 'newPassword']);
    // Before the transaction: hashing may have to wait for its turn, and a held connection is a held connection.
    user.changePassword(await this.passwords.hash(newPassword), this.clock.now());
    await this.uow.run(async () => {
      await this.users.save(user);
      await alongside();
    });
  }
}
