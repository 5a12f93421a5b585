import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { endpointNotice } from '../domain/endpoint-notices';
import { endpointLink } from '../domain/links';
import { Notifier } from '../domain/notifier';
import { endpointNames } from '../endpoint-names';
import type { EndpointNews } from './address-endpoint-notice';

/** Tells those who run the installation, in the channel that they set up. */
export class PostEndpointNotice extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly news: EndpointNews,
  ) {
    super();
  }
}

@CommandHandler(PostEndpointNotice)
export class PostEndpointNoticeHandler implements ICommandHandler<PostEndpointNotice> {
  constructor(
    private readonly queries: QueryBus,
    private readonly notifier: Notifier,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ organizationId, news }: PostEndpointNotice): Promise<void> {
    const { applicationId, endpointId } = news;
    const names = await endpointNames(this.queries, { organizationId, applicationId, endpointId });
    if (!names) return; // Gone in the meantime.
    const link = endpointLink(this.config.http.publicUrl, applicationId, endpointId);
    await this.notifier.notify(endpointNotice(news, { ...names, link }));
  }
}
