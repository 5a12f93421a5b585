import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PasswordHasher } from '../domain/password-hasher';
import { SecondFactorRepository } from '../domain/second-factor.repository';
import { SecondFactorMissing, UserNotFound, WrongPassword } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';
import { SecondFactorCheck } from './second-factor-check';

/** Before what a borrowed screen must not be able to do, people say their password again; and a code, where it is about codes. */
export class VerifyIdentity extends Command<void> {
  constructor(
    readonly userId: string,
    readonly password: string,
    readonly code: string | null,
  ) {
    super();
  }
}

@CommandHandler(VerifyIdentity)
export class VerifyIdentityHandler implements ICommandHandler<VerifyIdentity> {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly factors: SecondFactorRepository,
    private readonly secondFactor: SecondFactorCheck,
  ) {}

  async execute({ userId, password, code }: VerifyIdentity): Promise<void> {
    const user = await this.users.findById(userId);
    if (!user) throw new UserNotFound(userId);
    if (!(await this.passwords.verify(password, user.passwordHash))) throw new WrongPassword();
    if (code === null) return;
    const factor = await this.factors.findByUser(userId);
    if (!factor?.confirmedAt) throw new SecondFactorMissing();
    this.secondFactor.use(factor, code);
    await this.factors.save(factor);
  }
}
