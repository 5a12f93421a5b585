import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { Clock } from '../../../platform/time/clock';
import { CommonPasswords } from '../domain/common-passwords';
import { EmailChangeRepository } from '../domain/email-change.repository';
import { mustBeHardToGuess } from '../domain/new-password';
import { PasswordHasher } from '../domain/password-hasher';
import { PasswordResetRepository } from '../domain/password-reset.repository';
import { ResetFailed } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';
import { resetTokenHash } from '../domain/verification-secrets';

export class ResetPassword extends Command<void> {
  /** @param alongside what else happens in the transaction of the change, given the id of the user */
  constructor(
    readonly token: string,
    readonly password: string,
    readonly alongside: (userId: string) => Promise<void>,
  ) {
    super();
  }
}

@CommandHandler(ResetPassword)
export class ResetPasswordHandler implements ICommandHandler<ResetPassword> {
  constructor(
    private readonly users: UserRepository,
    private readonly resets: PasswordResetRepository,
    private readonly changes: EmailChangeRepository,
    private readonly passwords: PasswordHasher,
    private readonly common: CommonPasswords,
    private readonly uow: UnitOfWork,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ token, password, alongside }: ResetPassword): Promise<void> {
    const reset = await this.resets.findByTokenHash(resetTokenHash(this.lookup, token));
    const user = reset && (await this.users.findById(reset.userId));
    if (!user || user.erasureRequestedAt) throw new ResetFailed();
    const now = this.clock.now();
    reset.use(user, now);
    await mustBeHardToGuess(password, user.email, this.common);
    // Before the transaction: hashing may have to wait for its turn, and a held connection is a held connection.
    user.resetPassword(await this.passwords.hash(password), now);
    const change = await this.changes.findByUser(user.id);
    change?.giveUp(now);
    await this.uow.run(async () => {
      await this.resets.save(reset);
      await this.users.save(user);
      if (change) await this.changes.save(change);
      await alongside(user.id);
    });
  }
}
