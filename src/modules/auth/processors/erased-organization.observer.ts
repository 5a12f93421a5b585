import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { OrganizationErased } from '../../organizations';
import { EraseApiKeys } from '../commands/erase-api-keys';

type OfOrganization = { readonly organizationId: string };

@Observer('auth.erased-organization', OrganizationErased)
export class ErasedOrganizationKeysObserver extends EventObserver<OfOrganization> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ payload }: ObservedEvent<OfOrganization>): Promise<void> {
    await this.commands.execute(new EraseApiKeys(payload.organizationId));
  }
}
