import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { Clock } from '../../../platform/time/clock';
import { recoveryCodeHash } from '../domain/recovery-codes';
import { SecondFactorRepository } from '../domain/second-factor.repository';
import { SecondFactorMissing } from '../domain/user.errors';
import { newRecoveryCodes, type RecoveryCodes } from './confirm-second-factor';
import { PasswordCheck } from './password-check';
import { SecondFactorCheck } from './second-factor-check';

/** The old ones are worth nothing from now on. */
export class RenewRecoveryCodes extends Command<RecoveryCodes> {
  constructor(
    readonly userId: string,
    readonly password: string,
    readonly code: string,
  ) {
    super();
  }
}

@CommandHandler(RenewRecoveryCodes)
export class RenewRecoveryCodesHandler implements ICommandHandler<RenewRecoveryCodes> {
  constructor(
    private readonly password: PasswordCheck,
    private readonly secondFactor: SecondFactorCheck,
    private readonly factors: SecondFactorRepository,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ userId, password, code }: RenewRecoveryCodes): Promise<RecoveryCodes> {
    await this.password.owner(userId, password);
    const factor = await this.factors.findByUser(userId);
    if (!factor?.confirmedAt) throw new SecondFactorMissing();
    this.secondFactor.use(factor, code);
    const recoveryCodes = newRecoveryCodes();
    factor.renewRecoveryCodes(
      recoveryCodes.map((each) => recoveryCodeHash(this.lookup, userId, each)),
      this.clock.now(),
    );
    await this.factors.save(factor);
    return { recoveryCodes };
  }
}
