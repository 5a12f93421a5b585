import type { Organization } from './organization';

/** Port. */
export abstract class OrganizationRepository {
  abstract findByFounder(userId: string): Promise<Organization | null>;
  /** @throws AlreadyFounded, ConcurrentChange */
  abstract save(organization: Organization): Promise<void>;
}
