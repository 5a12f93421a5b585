import { Column, Entity } from 'typeorm';
import { AggregateRoot } from '../../../platform/domain/aggregate-root';
import { VerificationFailed } from './user.errors';

export type VerificationSecrets = {
  readonly tokenHash: Buffer;
  readonly codeHash: Buffer;
  /** Of the user: a proof confirms one registration, and dies when the address is registered again. */
  readonly registeredAt: Date;
};

const VALID_FOR_MS = 24 * 60 * 60_000;
/** A code has 6 digits: 5 guesses hit it once in 200,000 times. */
const MAX_CODE_ATTEMPTS = 5;

/** The proof that a user owns their address, by link or by code. One for each user; a new one replaces the old. */
@Entity('email_verification')
export class EmailVerification extends AggregateRoot<EmailVerification> {
  @Column('text') readonly userId!: string;
  @Column('bytea') readonly tokenHash!: Buffer;
  @Column('bytea') readonly codeHash!: Buffer;
  @Column('timestamptz') readonly registeredAt!: Date;
  @Column('int') readonly codeAttempts: number = 0;
  @Column('timestamptz') readonly expiresAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly usedAt: Date | null = null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;

  static issue(id: string, userId: string, secrets: VerificationSecrets, now: Date): EmailVerification {
    const verification = new EmailVerification();
    verification.assign({ id, userId, ...secrets, expiresAt: expiry(now), createdAt: now, updatedAt: now });
    return verification;
  }

  /** Attempts go on counting until a whole term passes without a new code: asking for codes must not buy guesses. The link still works. */
  reissue(secrets: VerificationSecrets, now: Date): void {
    const codeAttempts = now < this.expiresAt ? this.codeAttempts : 0;
    this.assign({ ...secrets, codeAttempts, expiresAt: expiry(now), usedAt: null, updatedAt: now });
  }

  /**
   * Before a code is compared, and saved before it: then guesses sent side by side are counted as well.
   * @throws VerificationFailed
   */
  spendCodeAttempt(now: Date): void {
    this.mustBeOpen(now);
    if (this.codeAttempts >= MAX_CODE_ATTEMPTS) throw new VerificationFailed();
    this.assign({ codeAttempts: this.codeAttempts + 1, updatedAt: now });
  }

  /**
   * @param registeredAt of the user, now
   * @throws VerificationFailed
   */
  use(registeredAt: Date, now: Date): void {
    this.mustBeOpen(now);
    if (registeredAt.getTime() !== this.registeredAt.getTime()) throw new VerificationFailed();
    this.assign({ usedAt: now, updatedAt: now });
  }

  private mustBeOpen(now: Date): void {
    if (this.usedAt || now >= this.expiresAt) throw new VerificationFailed();
  }
}

const expiry = (now: Date) => new Date(now.getTime() + VALID_FOR_MS);
