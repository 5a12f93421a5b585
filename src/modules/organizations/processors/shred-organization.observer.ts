import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { ShredOrganization } from '../commands/shred-organization';
import { OrganizationErased } from '../organizations.events';

@Observer('organizations.shred', OrganizationErased)
export class ShredOrganizationObserver extends EventObserver<{ organizationId: string }> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ payload }: ObservedEvent<{ organizationId: string }>): Promise<void> {
    await this.commands.execute(new ShredOrganization(payload.organizationId));
  }
}
