import type { Invitation } from './invitation';

/** Port. */
export abstract class InvitationRepository {
  abstract find(organizationId: string, id: string): Promise<Invitation | null>;
  /** Of whatever organization. */
  abstract findById(id: string): Promise<Invitation | null>;
  abstract findByEmail(organizationId: string, emailHash: Buffer): Promise<Invitation | null>;
  abstract findByTokenHash(tokenHash: Buffer): Promise<Invitation | null>;
  /** @throws AlreadyInvited, ConcurrentChange */
  abstract save(invitation: Invitation): Promise<void>;
  /** @throws ConcurrentChange */
  abstract remove(invitation: Invitation): Promise<void>;
}
