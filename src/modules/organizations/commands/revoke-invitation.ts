import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { InvitationRepository } from '../domain/invitation.repository';

export class RevokeInvitation extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly invitationId: string,
  ) {
    super();
  }
}

@CommandHandler(RevokeInvitation)
export class RevokeInvitationHandler implements ICommandHandler<RevokeInvitation> {
  constructor(private readonly invitations: InvitationRepository) {}

  async execute({ organizationId, invitationId }: RevokeInvitation): Promise<void> {
    const invitation = await this.invitations.find(organizationId, invitationId);
    if (!invitation) throw new EntityNotFound();
    invitation.revoke();
    await this.invitations.remove(invitation);
  }
}
