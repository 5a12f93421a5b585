import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { Clock } from '../../../platform/time/clock';
import { recoveryCodeHash } from '../domain/recovery-codes';
import { SecondFactorRepository } from '../domain/second-factor.repository';
import { SecondFactorMissing } from '../domain/user.errors';
import { newRecoveryCodes, type RecoveryCodes } from './confirm-second-factor';

/** The old ones are worth nothing from now on. */
export class RenewRecoveryCodes extends Command<RecoveryCodes> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(RenewRecoveryCodes)
export class RenewRecoveryCodesHandler implements ICommandHandler<RenewRecoveryCodes> {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ userId }: RenewRecoveryCodes): Promise<RecoveryCodes> {
    const factor = await this.factors.findByUser(userId);
    if (!factor?.confirmedAt) throw new SecondFactorMissing();
    const recoveryCodes = newRecoveryCodes();
    factor.renewRecoveryCodes(
      recoveryCodes.map((each) => recoveryCodeHash(this.lookup, userId, each)),
      this.clock.now(),
    );
    await this.factors.save(factor);
    return { recoveryCodes };
  }
}
