import { Injectable } from '@nestjs/common';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { Clock } from '../../../platform/time/clock';
import { OneTimeCodes } from '../domain/one-time-codes';
import { recoveryCodeHash } from '../domain/recovery-codes';
import type { SecondFactor } from '../domain/second-factor';

const CODE_OF_APP = /^\d{6}$/;

/** Takes what people type as their second factor: a code of the app, or one of the recovery codes. */
@Injectable()
export class SecondFactorCheck {
  constructor(
    private readonly codes: OneTimeCodes,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  /**
   * Uses the code up: the caller has to save.
   * @throws WrongCode
   */
  use(factor: SecondFactor, code: string): void {
    const [typed, now] = [code.replace(/\s/g, ''), this.clock.now()];
    if (CODE_OF_APP.test(typed)) factor.useStep(this.codes.stepOf(factor.secret, typed, now), now);
    else factor.useRecoveryCode(recoveryCodeHash(this.lookup, factor.userId, typed), now);
  }
}
