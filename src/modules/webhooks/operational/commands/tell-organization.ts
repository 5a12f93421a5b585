import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { DomainError } from '../../../../platform/errors/domain-error';
import { isOperational, OPERATIONAL } from '../../applications';
import { CreateMessage } from '../../messages';
import { operationalPayload } from '../operational-events';
import { GetEventSubject } from '../queries/get-event-subject';

/** Sends an event to the operational webhooks of its organization, once, however often it is repeated. */
export class TellOrganization extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly event: {
      readonly id: string;
      readonly type: string;
      readonly payload: { readonly applicationId: string; readonly endpointId: string; readonly messageId?: string };
    },
  ) {
    super();
  }
}

@CommandHandler(TellOrganization)
export class TellOrganizationHandler implements ICommandHandler<TellOrganization> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  async execute({ organizationId, event: { id, type, payload } }: TellOrganization): Promise<void> {
    // Of what becomes of operational webhooks nobody is told: it would be told of as well.
    if (isOperational(payload.applicationId)) return;
    const subject = await this.queries.execute(new GetEventSubject(organizationId, type, payload));
    if (!subject) return;
    const body = Buffer.from(JSON.stringify(operationalPayload(type, payload, subject)));
    try {
      await this.commands.execute(new CreateMessage(organizationId, OPERATIONAL, { eventType: type, payload: body, eventId: id }));
    } catch (error) {
      const known = error instanceof DomainError && error.kind === 'conflict';
      if (!known) throw error; // Its event id is taken: it was told before.
    }
  }
}
