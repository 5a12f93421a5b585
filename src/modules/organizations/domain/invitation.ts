import { Column, Entity } from 'typeorm';
import { EncryptedColumn } from '../../../platform/crypto/encrypted-column';
import { AggregateRoot } from '../../../platform/domain/aggregate-root';
import { InvitationAccepted, InvitationCreated, InvitationResent, InvitationRevoked } from '../organizations.events';
import type { GrantedRole } from './member';
import { InvitationInvalid } from './organization.errors';

export type NewInvitation = {
  readonly organizationId: string;
  readonly email: string;
  readonly emailHash: Buffer;
  readonly role: GrantedRole;
  readonly inviterUserId: string;
};

const VALID_FOR_MS = 7 * 24 * 60 * 60_000;

/**
 * An open offer to whoever owns an address. It is there while it is open: what became of it is in the audit log.
 * Not a tenant's aggregate, which is never found without naming its organization: a token has to lead to it.
 */
@Entity('invitation')
export class Invitation extends AggregateRoot<Invitation> {
  @Column('text') readonly organizationId!: string;
  @EncryptedColumn() readonly email!: string;
  @Column('bytea') readonly emailHash!: Buffer;
  @Column('text') readonly role!: GrantedRole;
  @Column('text') readonly inviterUserId!: string;
  /** Of the link that was mailed last; null before the first mail. */
  @Column('bytea', { nullable: true }) readonly tokenHash: Buffer | null = null;
  @Column('timestamptz') readonly expiresAt!: Date;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;

  static create(id: string, offer: NewInvitation, now: Date): Invitation {
    const invitation = new Invitation();
    invitation.assign({ id, ...offer, expiresAt: expiry(now), createdAt: now, updatedAt: now });
    invitation.record(InvitationCreated({ invitationId: id }));
    return invitation;
  }

  isOpen(now: Date): boolean {
    return now < this.expiresAt;
  }

  /** The link that is mailed now; earlier ones end with it. */
  issueToken(tokenHash: Buffer, now: Date): void {
    this.assign({ tokenHash, updatedAt: now });
  }

  resend(now: Date): void {
    this.assign({ expiresAt: expiry(now), updatedAt: now });
    this.record(InvitationResent({ invitationId: this.id }));
  }

  /** Before it is removed. */
  revoke(): void {
    this.record(InvitationRevoked({ invitationId: this.id }));
  }

  /**
   * Before it is removed.
   * @param emailHash of the verified address of the account that accepts
   * @throws InvitationInvalid
   */
  accept(emailHash: Buffer, now: Date): void {
    if (!this.isOpen(now) || !this.emailHash.equals(emailHash)) throw new InvitationInvalid();
    this.record(InvitationAccepted({ invitationId: this.id }));
  }
}

const expiry = (now: Date) => new Date(now.getTime() + VALID_FOR_MS);
