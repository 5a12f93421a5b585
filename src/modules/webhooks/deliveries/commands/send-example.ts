import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { ResolveEndpoint } from '../../endpoints';
import { GetEventExample } from '../../event-types';
import { CreateMessage } from '../../messages';

/**
 * Sends the example of an event type to one endpoint and to no other, whatever types and channels it wants; a disabled endpoint gets
 * nothing. @throws EntityNotFound the endpoint; @throws InvalidField the event type; @throws NoExample; @throws ValidationFailed
 */
export class SendExample extends Command<{ messageId: string; applicationId: string }> {
  constructor(
    readonly organizationId: string,
    readonly application: string,
    readonly endpoint: string,
    readonly eventType: string,
    readonly exampleIndex: number,
  ) {
    super();
  }
}

/** There without anybody having made it: to find out whether an endpoint can be reached. */
const PING = { eventType: 'svix.ping', payload: Buffer.from('{"success":true}') };

@CommandHandler(SendExample)
export class SendExampleHandler implements ICommandHandler<SendExample> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  async execute({ organizationId, application, endpoint, eventType, exampleIndex }: SendExample) {
    const { id: endpointId, applicationId } = await this.queries.execute(new ResolveEndpoint(organizationId, application, endpoint));
    const payload =
      eventType === PING.eventType
        ? PING.payload
        : await this.queries.execute(new GetEventExample(organizationId, eventType, exampleIndex));
    const { id } = await this.commands.execute(new CreateMessage(organizationId, applicationId, { eventType, payload, endpointId }));
    return { messageId: id, applicationId };
  }
}
