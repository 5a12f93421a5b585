import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeliveryStore } from '../domain/delivery-store';

const CHUNK = 500;

/** Follows the life of an organization: once it is closed nothing is sent for it, and what waits is canceled. */
export class CloseDeliveries extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly closed: boolean,
    readonly at: Date,
  ) {
    super();
  }
}

@CommandHandler(CloseDeliveries)
export class CloseDeliveriesHandler implements ICommandHandler<CloseDeliveries> {
  constructor(private readonly store: DeliveryStore) {}

  async execute({ organizationId, closed, at }: CloseDeliveries): Promise<void> {
    await this.store.setClosed(organizationId, closed, at);
    while ((await this.store.cancelWaiting(organizationId, CHUNK)) > 0);
  }
}
