import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { Mailer } from '../../../platform/mail/mailer';
import { IssueEmailChange } from '../../users';
import { emailChangeLink } from '../domain/links';
import { emailChangeNewMail, emailChangeOldMail, emailTakenMail } from '../domain/mails';

/** To one of the two addresses. A repeat makes a new link and sends a second mail; the one that arrived last is valid. */
export class SendEmailChangeMail extends Command<void> {
  constructor(
    readonly userId: string,
    readonly side: 'old' | 'new',
  ) {
    super();
  }
}

@CommandHandler(SendEmailChangeMail)
export class SendEmailChangeMailHandler implements ICommandHandler<SendEmailChangeMail> {
  constructor(
    private readonly commands: CommandBus,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ userId, side }: SendEmailChangeMail): Promise<void> {
    const issued = await this.commands.execute(new IssueEmailChange(userId, side));
    if (!issued) return; // Over in the meantime.
    const { email, name, token } = issued;
    if (token === null) return this.mailer.send({ to: email, ...emailTakenMail(name) });
    const link = emailChangeLink(this.config.http.publicUrl, token);
    await this.mailer.send({ to: email, ...(side === 'old' ? emailChangeOldMail : emailChangeNewMail)(name, link) });
  }
}
