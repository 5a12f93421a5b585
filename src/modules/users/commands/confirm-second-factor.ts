import { randomBytes } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { Clock } from '../../../platform/time/clock';
import { OneTimeCodes } from '../domain/one-time-codes';
import { RECOVERY_CODE_BYTES, RECOVERY_CODES, recoveryCode, recoveryCodeHash } from '../domain/recovery-codes';
import { SecondFactorRepository } from '../domain/second-factor.repository';
import { SecondFactorMissing } from '../domain/user.errors';

export type RecoveryCodes = { readonly recoveryCodes: readonly string[] };

/** From now on a code is asked for at sign-in. The recovery codes are shown this once: only their hashes are stored. */
export class ConfirmSecondFactor extends Command<RecoveryCodes> {
  constructor(
    readonly userId: string,
    readonly code: string,
  ) {
    super();
  }
}

@CommandHandler(ConfirmSecondFactor)
export class ConfirmSecondFactorHandler implements ICommandHandler<ConfirmSecondFactor> {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly codes: OneTimeCodes,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ userId, code }: ConfirmSecondFactor): Promise<RecoveryCodes> {
    const factor = await this.factors.findByUser(userId);
    if (!factor) throw new SecondFactorMissing();
    const now = this.clock.now();
    const recoveryCodes = newRecoveryCodes();
    factor.confirm(
      this.codes.stepOf(factor.secret, code, now),
      recoveryCodes.map((each) => recoveryCodeHash(this.lookup, userId, each)),
      now,
    );
    await this.factors.save(factor);
    return { recoveryCodes };
  }
}

export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => recoveryCode(randomBytes(RECOVERY_CODE_BYTES)));
}
