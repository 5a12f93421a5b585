import { Injectable } from '@nestjs/common';
import { AggregateStore } from '../../../platform/database/aggregate-store';
import { onUniqueViolation } from '../../../platform/database/on-unique-violation';
import { Invitation } from '../domain/invitation';
import { InvitationRepository } from '../domain/invitation.repository';
import { AlreadyInvited } from '../domain/organization.errors';

@Injectable()
export class TypeOrmInvitationRepository extends InvitationRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override find(organizationId: string, id: string): Promise<Invitation | null> {
    return this.store.findOneBy(Invitation, { organizationId, id });
  }

  override findById(id: string): Promise<Invitation | null> {
    return this.store.findOneBy(Invitation, { id });
  }

  override findByEmail(organizationId: string, emailHash: Buffer): Promise<Invitation | null> {
    return this.store.findOneBy(Invitation, { organizationId, emailHash });
  }

  override findByTokenHash(tokenHash: Buffer): Promise<Invitation | null> {
    return this.store.findOneBy(Invitation, { tokenHash });
  }

  override async save(invitation: Invitation): Promise<void> {
    await this.store.save(invitation).catch(onUniqueViolation('invitation_email_hash_key', () => new AlreadyInvited()));
  }

  override async remove(invitation: Invitation): Promise<void> {
    await this.store.remove(invitation);
  }
}
