import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { SendEndpointNotice } from '../commands/send-endpoint-notice';
import { EndpointNoticeDue } from '../notifications.events';

@Observer('notifications.endpoint-notice-mail', EndpointNoticeDue)
export class EndpointNoticeMailObserver extends EventObserver<EndpointNoticeDue> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ organizationId, payload }: ObservedEvent<EndpointNoticeDue>): Promise<void> {
    if (organizationId !== null) await this.commands.execute(new SendEndpointNotice(organizationId, payload));
  }
}
