import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { UserRegistered } from '../../users';
import { FoundFirstOrganization } from '../commands/found-first-organization';

@Observer('organizations.first-organization', UserRegistered)
export class FirstOrganizationObserver extends EventObserver<{ userId: string }> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ payload }: ObservedEvent<{ userId: string }>): Promise<void> {
    await this.commands.execute(new FoundFirstOrganization(payload.userId));
  }
}
