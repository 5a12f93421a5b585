import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventRecorder } from '../../../platform/events/event-recorder';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { ResolveApplication } from '../../webhooks';
import { PortalTokensExpired } from '../auth.events';
import { PortalEnds } from '../domain/portal-ends';

/** Ends the portal tokens of an application that were made until now, at once or in a while; then they are refused everywhere within 2 seconds. */
export class EndPortalAccess extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly idOrUid: string,
    /** Only the tokens of these; empty for all. */
    readonly sessionIds: readonly string[],
    /** For how long they are good at most. */
    readonly inSeconds: number,
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
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, idOrUid, sessionIds, inSeconds }: EndPortalAccess): Promise<void> {
    const { id: applicationId } = await this.queries.execute(new ResolveApplication(organizationId, idOrUid));
    const beforeId = newId('ptk');
    const endsAt = inSeconds === 0 ? null : new Date(this.clock.now().getTime() + inSeconds * 1_000);
    await this.uow.run(async () => {
      await this.ends.put({ organizationId, applicationId, sessionIds, beforeId, endsAt });
      await this.events.record(PortalTokensExpired({ applicationId }), organizationId);
    });
  }
}
