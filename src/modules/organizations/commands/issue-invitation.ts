import { randomBytes } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { Clock } from '../../../platform/time/clock';
import { GetUsers } from '../../users';
import { InvitationRepository } from '../domain/invitation.repository';
import { invitationTokenHash } from '../invitation-secrets';
import { OrganizationRepository } from '../domain/organization.repository';

export type IssuedInvitation = {
  readonly email: string;
  readonly organizationName: string;
  readonly inviterName: string;
  readonly token: string;
};

/** Makes the token of a mail, replacing the one before. Only its hash is stored. Null when there is nothing to invite to any more. */
export class IssueInvitation extends Command<IssuedInvitation | null> {
  constructor(readonly invitationId: string) {
    super();
  }
}

@CommandHandler(IssueInvitation)
export class IssueInvitationHandler implements ICommandHandler<IssueInvitation> {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly organizations: OrganizationRepository,
    private readonly queries: QueryBus,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ invitationId }: IssueInvitation): Promise<IssuedInvitation | null> {
    const now = this.clock.now();
    const invitation = await this.invitations.findById(invitationId);
    const organization = invitation?.isOpen(now) ? await this.organizations.find(invitation.organizationId) : null;
    if (!invitation || !organization || organization.deletedAt) return null;
    const [inviter] = await this.queries.execute(new GetUsers([invitation.inviterUserId]));

    const token = randomBytes(32).toString('base64url');
    invitation.issueToken(invitationTokenHash(this.lookup, token), now);
    await this.invitations.save(invitation);
    // Who invited may be gone by now; the invitation is the organization's.
    return { email: invitation.email, organizationName: organization.name, inviterName: inviter?.name ?? organization.name, token };
  }
}
