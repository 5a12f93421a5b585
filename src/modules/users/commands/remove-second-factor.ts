import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SecondFactorRepository } from '../domain/second-factor.repository';
import { SecondFactorMissing } from '../domain/user.errors';

export class RemoveSecondFactor extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(RemoveSecondFactor)
export class RemoveSecondFactorHandler implements ICommandHandler<RemoveSecondFactor> {
  constructor(private readonly factors: SecondFactorRepository) {}

  async execute({ userId }: RemoveSecondFactor): Promise<void> {
    const factor = await this.factors.findByUser(userId);
    if (!factor?.confirmedAt) throw new SecondFactorMissing();
    factor.disable();
    await this.factors.remove(factor);
  }
}
