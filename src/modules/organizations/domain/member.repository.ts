import type { Member } from './member';

/** Port. */
export abstract class MemberRepository {
  abstract find(organizationId: string, userId: string): Promise<Member | null>;
  abstract findOwner(organizationId: string): Promise<Member | null>;
  /** @throws AlreadyMember, ConcurrentChange */
  abstract save(member: Member): Promise<void>;
  /** @throws ConcurrentChange */
  abstract remove(member: Member): Promise<void>;
}
