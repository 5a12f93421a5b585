import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { FindUserByEmail, normalizeEmail } from '../../users';
import { Invitation } from '../domain/invitation';
import { InvitationRepository } from '../domain/invitation.repository';
import { invitedEmailHash } from '../invitation-secrets';
import { MemberRepository } from '../domain/member.repository';
import { AlreadyInvited, AlreadyMember } from '../domain/organization.errors';

/** The mail follows. Says nothing about whether the address has an account, unless that account is a member already. */
export class CreateInvitation extends Command<{ readonly invitationId: string }> {
  constructor(
    readonly organizationId: string,
    readonly email: string,
    readonly role: 'admin' | 'developer' | 'viewer',
    readonly inviterUserId: string,
  ) {
    super();
  }
}

@CommandHandler(CreateInvitation)
export class CreateInvitationHandler implements ICommandHandler<CreateInvitation> {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly members: MemberRepository,
    private readonly queries: QueryBus,
    private readonly uow: UnitOfWork,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, email: typed, role, inviterUserId }: CreateInvitation): Promise<{ readonly invitationId: string }> {
    const email = normalizeEmail(typed);
    const emailHash = invitedEmailHash(this.lookup, email);
    const now = this.clock.now();
    const user = await this.queries.execute(new FindUserByEmail(email));
    if (user && (await this.members.find(organizationId, user.id))) throw new AlreadyMember();
    const former = await this.invitations.findByEmail(organizationId, emailHash);
    if (former?.isOpen(now)) throw new AlreadyInvited();

    const invitation = Invitation.create(newId('inv'), { organizationId, email, emailHash, role, inviterUserId }, now);
    await this.uow.run(async () => {
      if (former) await this.invitations.remove(former);
      await this.invitations.save(invitation);
    });
    return { invitationId: invitation.id };
  }
}
