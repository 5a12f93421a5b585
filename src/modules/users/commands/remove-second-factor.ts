import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SecondFactorRepository } from '../domain/second-factor.repository';
import { SecondFactorMissing } from '../domain/user.errors';
import { PasswordCheck } from './password-check';
import { SecondFactorCheck } from './second-factor-check';

export class RemoveSecondFactor extends Command<void> {
  constructor(
    readonly userId: string,
    readonly password: string,
    readonly code: string,
  ) {
    super();
  }
}

@CommandHandler(RemoveSecondFactor)
export class RemoveSecondFactorHandler implements ICommandHandler<RemoveSecondFactor> {
  constructor(
    private readonly password: PasswordCheck,
    private readonly secondFactor: SecondFactorCheck,
    private readonly factors: SecondFactorRepository,
  ) {}

  async execute({ userId, password, code }: RemoveSecondFactor): Promise<void> {
    await this.password.owner(userId, password);
    const factor = await this.factors.findByUser(userId);
    if (!factor?.confirmedAt) throw new SecondFactorMissing();
    this.secondFactor.use(factor, code);
    factor.disable();
    await this.factors.remove(factor);
  }
}
