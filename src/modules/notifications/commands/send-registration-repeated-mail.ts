import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { Mailer } from '../../../platform/mail/mailer';
import { GetUser, IssueEmailVerification } from '../../users';
import { alreadyRegisteredMail, registeredAgainMail } from '../domain/mails';
import { verificationLink } from '../domain/links';

/** Tells the owner of an address that somebody registered with it again; with a new link and code if it is not verified yet. */
export class SendRegistrationRepeatedMail extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(SendRegistrationRepeatedMail)
export class SendRegistrationRepeatedMailHandler implements ICommandHandler<SendRegistrationRepeatedMail> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ userId }: SendRegistrationRepeatedMail): Promise<void> {
    const { email, name } = await this.queries.execute(new GetUser(userId));
    const issued = await this.commands.execute(new IssueEmailVerification(userId));
    const content = issued
      ? registeredAgainMail(name, { link: verificationLink(this.config.http.publicUrl, issued.token), code: issued.code })
      : alreadyRegisteredMail(name);
    await this.mailer.send({ to: email, ...content });
  }
}
