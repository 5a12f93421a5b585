import { Column, Entity } from 'typeorm';
import { EncryptedColumn } from '../../../platform/crypto/encrypted-column';
import { AggregateRoot } from '../../../platform/domain/aggregate-root';
import { EmailChangeRequested } from '../users.events';
import { EmailChangeFailed } from './user.errors';

/** The address that the account has, and the one that it is to get: both must agree. */
export type EmailSide = 'old' | 'new';

export type NewEmail = { readonly newEmail: string; readonly newEmailHash: Buffer };

const VALID_FOR_MS = 24 * 60 * 60_000;

/** A change of address on its way. One for each user; a new one replaces the old. */
@Entity('email_change')
export class EmailChange extends AggregateRoot<EmailChange> {
  @Column('text') readonly userId!: string;
  @EncryptedColumn() readonly newEmail!: string;
  @Column('bytea') readonly newEmailHash!: Buffer;
  @Column('bytea', { nullable: true }) readonly oldTokenHash: Buffer | null = null;
  @Column('bytea', { nullable: true }) readonly newTokenHash: Buffer | null = null;
  @Column('timestamptz', { nullable: true }) readonly oldConfirmedAt: Date | null = null;
  @Column('timestamptz', { nullable: true }) readonly newConfirmedAt: Date | null = null;
  @Column('timestamptz') readonly expiresAt!: Date;
  /** Done, or given up. */
  @Column('timestamptz', { nullable: true }) readonly endedAt: Date | null = null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;

  static request(id: string, userId: string, to: NewEmail, now: Date): EmailChange {
    const change = new EmailChange();
    change.assign({ id, userId, createdAt: now });
    change.requestAgain(to, now);
    return change;
  }

  requestAgain(to: NewEmail, now: Date): void {
    const anew = { oldTokenHash: null, newTokenHash: null, oldConfirmedAt: null, newConfirmedAt: null, endedAt: null };
    this.assign({ ...to, ...anew, expiresAt: new Date(now.getTime() + VALID_FOR_MS), updatedAt: now });
    this.record(EmailChangeRequested({ userId: this.userId }));
  }

  isOpen(now: Date): boolean {
    return !this.endedAt && now < this.expiresAt;
  }

  issue(side: EmailSide, tokenHash: Buffer, now: Date): void {
    this.assign(side === 'old' ? { oldTokenHash: tokenHash, updatedAt: now } : { newTokenHash: tokenHash, updatedAt: now });
  }

  /**
   * Each token once.
   * @returns whose token it was, and whether both have agreed now
   * @throws EmailChangeFailed
   */
  confirm(tokenHash: Buffer, now: Date): { readonly confirmed: EmailSide; readonly complete: boolean } {
    if (!this.isOpen(now)) throw new EmailChangeFailed();
    const confirmed = this.oldTokenHash?.equals(tokenHash) ? 'old' : 'new';
    if ((confirmed === 'old' ? this.oldConfirmedAt : this.newConfirmedAt) !== null) throw new EmailChangeFailed();
    this.assign(confirmed === 'old' ? { oldConfirmedAt: now } : { newConfirmedAt: now });
    const complete = this.oldConfirmedAt !== null && this.newConfirmedAt !== null;
    this.assign({ endedAt: complete ? now : null, updatedAt: now });
    return { confirmed, complete };
  }

  /** What somebody else may have begun does not outlive a reset of the password. */
  giveUp(now: Date): void {
    this.assign({ endedAt: now, updatedAt: now });
  }
}
