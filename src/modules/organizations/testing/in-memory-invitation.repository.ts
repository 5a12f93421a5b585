import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { Invitation } from '../domain/invitation';
import { InvitationRepository } from '../domain/invitation.repository';
import { AlreadyInvited } from '../domain/organization.errors';

export class InMemoryInvitationRepository extends InvitationRepository {
  private readonly rows = new InMemoryRows<Invitation>();
  readonly events = this.rows.events;

  override async find(organizationId: string, id: string): Promise<Invitation | null> {
    return this.rows.find((invitation) => invitation.organizationId === organizationId && invitation.id === id);
  }

  override async findById(id: string): Promise<Invitation | null> {
    return this.rows.find((invitation) => invitation.id === id);
  }

  override async findByEmail(organizationId: string, emailHash: Buffer): Promise<Invitation | null> {
    return this.rows.find((invitation) => invitation.organizationId === organizationId && invitation.emailHash.equals(emailHash));
  }

  override async findByTokenHash(tokenHash: Buffer): Promise<Invitation | null> {
    return this.rows.find((invitation) => invitation.tokenHash?.equals(tokenHash) ?? false);
  }

  override async save(invitation: Invitation): Promise<void> {
    const { id, organizationId, emailHash } = invitation;
    if (this.rows.find((other) => other.id !== id && other.organizationId === organizationId && other.emailHash.equals(emailHash)))
      throw new AlreadyInvited();
    this.rows.save(invitation);
  }

  override async remove(invitation: Invitation): Promise<void> {
    this.rows.remove(invitation);
  }
}
