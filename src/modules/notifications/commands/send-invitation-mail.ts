import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { Mailer } from '../../../platform/mail/mailer';
import { IssueInvitation } from '../../organizations';
import { invitationLink } from '../domain/links';
import { invitationMail } from '../domain/mails';

/** A repeat makes a new link and sends a second mail; the one that arrived last is valid. */
export class SendInvitationMail extends Command<void> {
  constructor(readonly invitationId: string) {
    super();
  }
}

@CommandHandler(SendInvitationMail)
export class SendInvitationMailHandler implements ICommandHandler<SendInvitationMail> {
  constructor(
    private readonly commands: CommandBus,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ invitationId }: SendInvitationMail): Promise<void> {
    const issued = await this.commands.execute(new IssueInvitation(invitationId));
    if (!issued) return; // Revoked, accepted or expired in the meantime.
    const { email, organizationName, inviterName, token } = issued;
    const link = invitationLink(this.config.http.publicUrl, token);
    await this.mailer.send({ to: email, ...invitationMail(organizationName, inviterName, link) });
  }
}
