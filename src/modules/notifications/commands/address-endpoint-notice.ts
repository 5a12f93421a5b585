import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventRecorder } from '../../../platform/events/event-recorder';
import { ListAdministrators } from '../../organizations';
import { EndpointNoticeDue } from '../notifications.events';

export type EndpointNews = Omit<EndpointNoticeDue, 'userId'>;

/** Everybody who looks after the organization is to be told. */
export class AddressEndpointNotice extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly news: EndpointNews,
  ) {
    super();
  }
}

@CommandHandler(AddressEndpointNotice)
export class AddressEndpointNoticeHandler implements ICommandHandler<AddressEndpointNotice> {
  constructor(
    private readonly queries: QueryBus,
    private readonly uow: UnitOfWork,
    private readonly events: EventRecorder,
  ) {}

  async execute({ organizationId, news }: AddressEndpointNotice): Promise<void> {
    const userIds = await this.queries.execute(new ListAdministrators(organizationId));
    await this.uow.run(async () => {
      for (const userId of userIds) await this.events.record(EndpointNoticeDue({ userId, ...news }), organizationId);
    });
  }
}
