import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { EndpointFailing } from '../../webhooks';
import { AddressEndpointNotice } from '../commands/address-endpoint-notice';

type Failing = { applicationId: string; endpointId: string; failingSince: string; disablesAt: string };

@Observer('notifications.endpoint-failing', EndpointFailing)
export class EndpointFailingObserver extends EventObserver<Failing> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ organizationId, payload }: ObservedEvent<Failing>): Promise<void> {
    if (organizationId === null) return;
    const { applicationId, endpointId, failingSince, disablesAt } = payload;
    const news = { applicationId, endpointId, failingSince, disablesAt, reason: 'failing' } as const;
    await this.commands.execute(new AddressEndpointNotice(organizationId, news));
  }
}
