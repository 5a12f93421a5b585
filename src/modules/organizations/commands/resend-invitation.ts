import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { Clock } from '../../../platform/time/clock';
import { InvitationRepository } from '../domain/invitation.repository';

/** Another mail with a new link, good for as long as a new invitation; the link of the last mail ends. */
export class ResendInvitation extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly invitationId: string,
  ) {
    super();
  }
}

@CommandHandler(ResendInvitation)
export class ResendInvitationHandler implements ICommandHandler<ResendInvitation> {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, invitationId }: ResendInvitation): Promise<void> {
    const invitation = await this.invitations.find(organizationId, invitationId);
    if (!invitation) throw new EntityNotFound();
    invitation.resend(this.clock.now());
    await this.invitations.save(invitation);
  }
}
