import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { Mailer } from '../../../platform/mail/mailer';
import { GetUser } from '../../users';
import { noticeMail } from '../domain/notices';

/** Tells somebody what has happened to their account. */
export class SendNotice extends Command<void> {
  constructor(
    readonly userId: string,
    /** Type of the event that says so. */
    readonly event: string,
  ) {
    super();
  }
}

@CommandHandler(SendNotice)
export class SendNoticeHandler implements ICommandHandler<SendNotice> {
  constructor(
    private readonly queries: QueryBus,
    private readonly mailer: Mailer,
  ) {}

  async execute({ userId, event }: SendNotice): Promise<void> {
    const { email, name } = await this.queries.execute(new GetUser(userId));
    await this.mailer.send({ to: email, ...noticeMail(event, name) });
  }
}
