import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { GetUser, normalizeEmail } from '../../users';
import { InvitationRepository } from '../domain/invitation.repository';
import { invitationTokenHash, invitedEmailHash } from '../invitation-secrets';
import { Member } from '../domain/member';
import { MemberRepository } from '../domain/member.repository';
import { InvitationInvalid } from '../domain/organization.errors';
import { OrganizationRepository } from '../domain/organization.repository';

/** For the account that owns the invited address, once. */
export class AcceptInvitation extends Command<{ readonly organizationId: string }> {
  constructor(
    readonly token: string,
    readonly userId: string,
  ) {
    super();
  }
}

@CommandHandler(AcceptInvitation)
export class AcceptInvitationHandler implements ICommandHandler<AcceptInvitation> {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly organizations: OrganizationRepository,
    private readonly members: MemberRepository,
    private readonly queries: QueryBus,
    private readonly uow: UnitOfWork,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  /** @throws InvitationInvalid, AlreadyMember */
  async execute({ token, userId }: AcceptInvitation): Promise<{ readonly organizationId: string }> {
    const invitation = await this.invitations.findByTokenHash(invitationTokenHash(this.lookup, token));
    const { email, emailVerified } = await this.queries.execute(new GetUser(userId));
    if (!invitation || !emailVerified) throw new InvitationInvalid();
    const { organizationId, role } = invitation;
    if ((await this.organizations.find(organizationId))?.deletedAt !== null) throw new InvitationInvalid();

    const now = this.clock.now();
    invitation.accept(invitedEmailHash(this.lookup, normalizeEmail(email)), now);
    const member = Member.join(newId('mem'), { organizationId, userId, role }, now);
    await this.uow.run(async () => {
      await this.invitations.remove(invitation).catch((error: unknown) => {
        // Accepted, revoked or sent again at this moment: this token is not good any more.
        throw error instanceof ConcurrentChange ? new InvitationInvalid() : error;
      });
      await this.members.save(member);
    });
    return { organizationId };
  }
}
