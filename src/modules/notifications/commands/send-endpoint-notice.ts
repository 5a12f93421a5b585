import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { Mailer } from '../../../platform/mail/mailer';
import { GetUsers } from '../../users';
import { endpointNotice } from '../domain/endpoint-notices';
import { endpointLink } from '../domain/links';
import { endpointNames } from '../endpoint-names';
import { MailNotifier } from '../mail-notifier';
import type { EndpointNoticeDue } from '../notifications.events';

const REASON = 'You get this mail because you are an owner or admin of the organization.';

/** Tells one person that nothing arrives at an endpoint, or that it was disabled. */
export class SendEndpointNotice extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly notice: EndpointNoticeDue,
  ) {
    super();
  }
}

@CommandHandler(SendEndpointNotice)
export class SendEndpointNoticeHandler implements ICommandHandler<SendEndpointNotice> {
  constructor(
    private readonly queries: QueryBus,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ organizationId, notice }: SendEndpointNotice): Promise<void> {
    const { userId, applicationId, endpointId } = notice;
    const [user] = await this.queries.execute(new GetUsers([userId]));
    const names = await endpointNames(this.queries, { organizationId, applicationId, endpointId });
    if (!user || !names) return; // Gone in the meantime.
    const link = endpointLink(this.config.http.publicUrl, applicationId, endpointId);
    await new MailNotifier(this.mailer, user, REASON).notify(endpointNotice(notice, { ...names, link }));
  }
}
