import type { Organization } from './organization';

/** Port. */
export abstract class OrganizationRepository {
  abstract find(id: string): Promise<Organization | null>;
  abstract findByFounder(userId: string): Promise<Organization | null>;
  /** @throws AlreadyFounded, ConcurrentChange */
  abstract save(organization: Organization): Promise<void>;
  /** Takes members and invitations along. @throws ConcurrentChange */
  abstract remove(organization: Organization): Promise<void>;
}
