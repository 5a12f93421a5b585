import { Column, Entity } from 'typeorm';
import { AggregateRoot } from '../../../platform/domain/aggregate-root';
import type { User } from './user';
import { ResetFailed } from './user.errors';

/** Long enough for slow mail, short enough for a mailbox that somebody else opens tomorrow. */
const VALID_FOR_MS = 60 * 60_000;

/** The proof that somebody who forgot their password owns its address. One for each user; a new one replaces the old. */
@Entity('password_reset')
export class PasswordReset extends AggregateRoot<PasswordReset> {
  @Column('text') readonly userId!: string;
  @Column('bytea') readonly tokenHash!: Buffer;
  /** Of the user, when it was issued: it dies with the address that it was sent to, and with the password that was forgotten. */
  @Column('bytea') readonly emailHash!: Buffer;
  @Column('timestamptz', { nullable: true }) readonly passwordChangedAt: Date | null = null;
  @Column('timestamptz') readonly expiresAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly usedAt: Date | null = null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;

  static issue(id: string, user: User, tokenHash: Buffer, now: Date): PasswordReset {
    const reset = new PasswordReset();
    reset.assign({ id, userId: user.id, createdAt: now });
    reset.reissue(user, tokenHash, now);
    return reset;
  }

  reissue({ emailHash, passwordChangedAt }: User, tokenHash: Buffer, now: Date): void {
    const expiresAt = new Date(now.getTime() + VALID_FOR_MS);
    this.assign({ tokenHash, emailHash, passwordChangedAt, expiresAt, usedAt: null, updatedAt: now });
  }

  /**
   * @param user its owner, now
   * @throws ResetFailed
   */
  use({ emailHash, passwordChangedAt }: User, now: Date): void {
    const same = emailHash.equals(this.emailHash) && passwordChangedAt?.getTime() === this.passwordChangedAt?.getTime();
    if (this.usedAt || now >= this.expiresAt || !same) throw new ResetFailed();
    this.assign({ usedAt: now, updatedAt: now });
  }
}
