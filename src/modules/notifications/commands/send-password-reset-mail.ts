import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { Mailer } from '../../../platform/mail/mailer';
import { IssuePasswordReset } from '../../users';
import { passwordResetLink } from '../domain/links';
import { passwordResetMail } from '../domain/mails';

/** A repeat makes a new link and sends a second mail; the one that arrived last is valid. */
export class SendPasswordResetMail extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(SendPasswordResetMail)
export class SendPasswordResetMailHandler implements ICommandHandler<SendPasswordResetMail> {
  constructor(
    private readonly commands: CommandBus,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ userId }: SendPasswordResetMail): Promise<void> {
    const issued = await this.commands.execute(new IssuePasswordReset(userId));
    if (!issued) return; // Gone in the meantime.
    const link = passwordResetLink(this.config.http.publicUrl, issued.token);
    await this.mailer.send({ to: issued.email, ...passwordResetMail(issued.name, link) });
  }
}
