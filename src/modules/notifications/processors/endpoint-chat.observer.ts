import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { EndpointDisabled, EndpointFailing } from '../../webhooks';
import { PostEndpointNotice } from '../commands/post-endpoint-notice';

type Trouble = {
  applicationId: string;
  endpointId: string;
  reason?: 'owner' | 'unverified' | 'gone' | 'failing';
  failingSince: string | null;
  disablesAt?: string;
};

/** Beside the mails, with a duty of its own: a chat that is away repeats no mail. */
@Observer('notifications.endpoint-chat', EndpointFailing, EndpointDisabled)
export class EndpointChatObserver extends EventObserver<Trouble> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  /** Who did it, or moved it, knows it. */
  protected override async observe({ organizationId, payload }: ObservedEvent<Trouble>): Promise<void> {
    const { applicationId, endpointId, reason = 'failing', failingSince, disablesAt = null } = payload;
    if (organizationId === null || reason === 'owner' || reason === 'unverified') return;
    const news = { applicationId, endpointId, reason, failingSince, disablesAt };
    await this.commands.execute(new PostEndpointNotice(organizationId, news));
  }
}
