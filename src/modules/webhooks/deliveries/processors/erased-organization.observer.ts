import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../../platform/outbox/observer-jobs';
import { OrganizationErased } from '../../../organizations';
import { EraseWebhooks } from '../commands/erase-webhooks';

type OfOrganization = { readonly organizationId: string };

@Observer('webhooks.erased-organization', OrganizationErased)
export class ErasedOrganizationObserver extends EventObserver<OfOrganization> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ payload }: ObservedEvent<OfOrganization>): Promise<void> {
    await this.commands.execute(new EraseWebhooks(payload.organizationId));
  }
}
