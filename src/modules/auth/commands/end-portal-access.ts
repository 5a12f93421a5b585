import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventRecorder } from '../../../platform/events/event-recorder';
import { newId } from '../../../platform/ids/id';
import { ResolveApplication } from '../../webhooks';
import { PortalTokensExpired } from '../auth.events';
import { PortalEnds } from '../domain/portal-ends';

/** Ends the portal tokens of an application that were made until now; they are refused everywhere within 2 seconds. */
export class EndPortalAccess extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly idOrUid: string,
    /** Only the tokens of these; empty for all. */
    readonly sessionIds: readonly string[],
  ) {
    super();
  }
}

@CommandHandler(EndPortalAccess)
export class EndPortalAccessHandler implements ICommandHandler<EndPortalAccess> {
  constructor(
    private readonly queries: QueryBus,
    private readonly ends: PortalEnds,
    private readonly events: EventRecorder,
    private readonly uow: UnitOfWork,
  ) {}

  async execute({ organizationId, idOrUid, sessionIds }: EndPortalAccess): Promise<void> {
    const { id: applicationId } = await this.queries.execute(new ResolveApplication(organizationId, idOrUid));
    const beforeId = newId('ptk');
    await this.uow.run(async () => {
      for (const sessionId of sessionIds.length > 0 ? sessionIds : [null])
        await this.ends.put({ organizationId, applicationId, sessionId, beforeId });
      await this.events.record(PortalTokensExpired({ applicationId }), organizationId);
    });
  }
}
