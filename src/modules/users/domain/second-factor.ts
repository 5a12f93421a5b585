import { Column, Entity } from 'typeorm';
import { EncryptedColumn } from '../../../platform/crypto/encrypted-column';
import { AggregateRoot } from '../../../platform/domain/aggregate-root';
import { SecondFactorDisabled, SecondFactorEnabled, RecoveryCodesRenewed, RecoveryCodeUsed } from '../users.events';
import { SecondFactorExists, WrongCode } from './user.errors';

/** An authenticator app beside the password. One for each user; it counts once its first code has been seen. */
@Entity('second_factor')
export class SecondFactor extends AggregateRoot<SecondFactor> {
  @Column('text') readonly userId!: string;
  @EncryptedColumn() readonly secret!: string;
  @Column('timestamptz', { nullable: true }) readonly confirmedAt: Date | null = null;
  /** A code that somebody watched is worth nothing: neither it nor an older one is taken again. */
  @Column('int', { nullable: true }) readonly lastUsedStep: number | null = null;
  /** In hex. A code that was used is taken off. */
  @Column('text', { array: true }) readonly recoveryHashes: readonly string[] = [];
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;

  static start(id: string, userId: string, secret: string, now: Date): SecondFactor {
    const factor = new SecondFactor();
    factor.assign({ id, userId, secret, createdAt: now, updatedAt: now });
    return factor;
  }

  /** @throws SecondFactorExists */
  startAgain(secret: string, now: Date): void {
    if (this.confirmedAt) throw new SecondFactorExists();
    this.assign({ secret, updatedAt: now });
  }

  /** @throws SecondFactorExists, WrongCode */
  confirm(step: number | null, recoveryHashes: readonly Buffer[], now: Date): void {
    if (this.confirmedAt) throw new SecondFactorExists();
    this.useStep(step, now);
    this.assign({ confirmedAt: now, recoveryHashes: recoveryHashes.map(hex) });
    this.record(SecondFactorEnabled({ userId: this.userId }));
  }

  /**
   * @param step of the code, as `OneTimeCodes` reads it
   * @throws WrongCode
   */
  useStep(step: number | null, now: Date): void {
    if (step === null || step <= (this.lastUsedStep ?? 0)) throw new WrongCode();
    this.assign({ lastUsedStep: step, updatedAt: now });
  }

  /** @throws WrongCode */
  useRecoveryCode(hash: Buffer, now: Date): void {
    const left = this.recoveryHashes.filter((known) => known !== hex(hash));
    if (left.length === this.recoveryHashes.length) throw new WrongCode();
    this.assign({ recoveryHashes: left, updatedAt: now });
    this.record(RecoveryCodeUsed({ userId: this.userId }));
  }

  renewRecoveryCodes(recoveryHashes: readonly Buffer[], now: Date): void {
    this.assign({ recoveryHashes: recoveryHashes.map(hex), updatedAt: now });
    this.record(RecoveryCodesRenewed({ userId: this.userId }));
  }

  /** Before it is removed. */
  disable(): void {
    this.record(SecondFactorDisabled({ userId: this.userId }));
  }
}

/** Hashes are keyed, so nothing is learnt from how long a comparison takes. */
const hex = (hash: Buffer) => hash.toString('hex');
