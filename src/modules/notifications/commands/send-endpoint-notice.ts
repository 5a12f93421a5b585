import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { Mailer } from '../../../platform/mail/mailer';
import { GetUsers } from '../../users';
import { GetApplication, GetEndpoint } from '../../webhooks';
import { endpointNoticeMail } from '../domain/endpoint-notices';
import { endpointLink } from '../domain/links';
import type { EndpointNoticeDue } from '../notifications.events';

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
    const names = await this.names(organizationId, applicationId, endpointId);
    if (!user || !names) return; // Gone in the meantime.
    const link = endpointLink(this.config.http.publicUrl, applicationId, endpointId);
    await this.mailer.send({ to: user.email, ...endpointNoticeMail(notice, { ...names, recipient: user.name, link }) });
  }

  private async names(organizationId: string, applicationId: string, endpointId: string) {
    try {
      const { name: application } = await this.queries.execute(new GetApplication(organizationId, applicationId));
      const { uid } = await this.queries.execute(new GetEndpoint(organizationId, applicationId, endpointId));
      return { application, endpoint: uid ?? endpointId };
    } catch (error) {
      if (error instanceof EntityNotFound) return null;
      throw error;
    }
  }
}
