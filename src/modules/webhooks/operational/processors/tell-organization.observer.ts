import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { ObservedEvent } from '../../../../platform/outbox/observer-jobs';
import { EventObserver, Observer } from '../../../../platform/outbox/observer';
import { TellOrganization } from '../commands/tell-organization';
import { OPERATIONAL_EVENTS } from '../operational-events';

type Payload = TellOrganization['event']['payload'];

@Injectable()
@Observer('webhooks.tell-organization', ...OPERATIONAL_EVENTS)
export class TellOrganizationObserver extends EventObserver<Payload> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ organizationId, ...event }: ObservedEvent<Payload>): Promise<void> {
    if (organizationId !== null) await this.commands.execute(new TellOrganization(organizationId, event));
  }
}
