import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../../platform/outbox/observer-jobs';
import { OrganizationClosed, OrganizationRestored } from '../../../organizations';
import { CloseDeliveries } from '../commands/close-deliveries';

type OfOrganization = { readonly organizationId: string };

@Observer('webhooks.closed-organization', OrganizationClosed, OrganizationRestored)
export class ClosedOrganizationObserver extends EventObserver<OfOrganization> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ type, payload, occurredAt }: ObservedEvent<OfOrganization>): Promise<void> {
    await this.commands.execute(new CloseDeliveries(payload.organizationId, type === OrganizationClosed.type, occurredAt));
  }
}
