import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { OneTimeCodes } from '../domain/one-time-codes';
import { SecondFactor } from '../domain/second-factor';
import { SecondFactorRepository } from '../domain/second-factor.repository';
import { UserNotFound } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';

export type StartedSecondFactor = { readonly secret: string; readonly uri: string };

/** Makes a secret for the app. Nothing is asked for at sign-in until `ConfirmSecondFactor` has seen its first code. */
export class StartSecondFactor extends Command<StartedSecondFactor> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(StartSecondFactor)
export class StartSecondFactorHandler implements ICommandHandler<StartSecondFactor> {
  constructor(
    private readonly users: UserRepository,
    private readonly factors: SecondFactorRepository,
    private readonly codes: OneTimeCodes,
    private readonly clock: Clock,
  ) {}

  async execute({ userId }: StartSecondFactor): Promise<StartedSecondFactor> {
    const user = await this.users.findById(userId);
    if (!user) throw new UserNotFound(userId);
    const [secret, now] = [this.codes.newSecret(), this.clock.now()];
    const factor = await this.factors.findByUser(userId);
    factor?.startAgain(secret, now);
    await this.factors.save(factor ?? SecondFactor.start(newId('mfa'), userId, secret, now));
    return { secret, uri: this.codes.uri(secret, user.email) };
  }
}
