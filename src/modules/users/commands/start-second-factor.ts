import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { OneTimeCodes } from '../domain/one-time-codes';
import { SecondFactor } from '../domain/second-factor';
import { SecondFactorRepository } from '../domain/second-factor.repository';
import { PasswordCheck } from './password-check';

export type StartedSecondFactor = { readonly secret: string; readonly uri: string };

/** Makes a secret for the app. Nothing is asked for at sign-in until `ConfirmSecondFactor` has seen its first code. */
export class StartSecondFactor extends Command<StartedSecondFactor> {
  constructor(
    readonly userId: string,
    readonly password: string,
  ) {
    super();
  }
}

@CommandHandler(StartSecondFactor)
export class StartSecondFactorHandler implements ICommandHandler<StartSecondFactor> {
  constructor(
    private readonly check: PasswordCheck,
    private readonly factors: SecondFactorRepository,
    private readonly codes: OneTimeCodes,
    private readonly clock: Clock,
  ) {}

  async execute({ userId, password }: StartSecondFactor): Promise<StartedSecondFactor> {
    const { email } = await this.check.owner(userId, password);
    const [secret, now] = [this.codes.newSecret(), this.clock.now()];
    const factor = await this.factors.findByUser(userId);
    factor?.startAgain(secret, now);
    await this.factors.save(factor ?? SecondFactor.start(newId('mfa'), userId, secret, now));
    return { secret, uri: this.codes.uri(secret, email) };
  }
}
