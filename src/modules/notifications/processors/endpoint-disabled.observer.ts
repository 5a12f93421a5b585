import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { EndpointDisabled } from '../../webhooks';
import { AddressEndpointNotice } from '../commands/address-endpoint-notice';

type Disabled = {
  applicationId: string;
  endpointId: string;
  reason: 'owner' | 'unverified' | 'gone' | 'failing';
  failingSince: string | null;
};

@Observer('notifications.endpoint-disabled', EndpointDisabled)
export class EndpointDisabledObserver extends EventObserver<Disabled> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  /** Who did it, or moved it, knows it. */
  protected override async observe({ organizationId, payload }: ObservedEvent<Disabled>): Promise<void> {
    const { applicationId, endpointId, reason, failingSince } = payload;
    if (organizationId === null || reason === 'owner' || reason === 'unverified') return;
    const news = { applicationId, endpointId, reason, failingSince, disablesAt: null };
    await this.commands.execute(new AddressEndpointNotice(organizationId, news));
  }
}
