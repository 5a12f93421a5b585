import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { ObservedEvent } from '../../../../platform/outbox/observer-jobs';
import { EventObserver, Observer } from '../../../../platform/outbox/observer';
import { ApplicationDeleted } from '../../applications';
import { DeleteEndpointsOfApplication } from '../commands/delete-endpoints-of-application';

/** Endpoints go with their application; nothing can reach them from the moment it is deleted. */
@Injectable()
@Observer('webhooks.delete-endpoints', ApplicationDeleted)
export class DeleteEndpointsObserver extends EventObserver<{ applicationId: string }> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ organizationId, payload }: ObservedEvent<{ applicationId: string }>): Promise<void> {
    if (organizationId !== null) await this.commands.execute(new DeleteEndpointsOfApplication(organizationId, payload.applicationId));
  }
}
