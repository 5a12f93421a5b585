import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { Mailer } from '../../../platform/mail/mailer';
import { IssueEmailVerification } from '../../users';
import { verificationMail } from '../domain/mails';
import { verificationLink } from '../domain/links';

/** A repeat makes a new link and code and sends a second mail; the one that arrived last is valid. */
export class SendVerificationMail extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(SendVerificationMail)
export class SendVerificationMailHandler implements ICommandHandler<SendVerificationMail> {
  constructor(
    private readonly commands: CommandBus,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ userId }: SendVerificationMail): Promise<void> {
    const issued = await this.commands.execute(new IssueEmailVerification(userId));
    if (!issued) return; // Verified in the meantime.
    const { email, name, token, code } = issued;
    await this.mailer.send({ to: email, ...verificationMail(name, { link: verificationLink(this.config.http.publicUrl, token), code }) });
  }
}
