import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeliveryStore } from '../domain/delivery-store';
import { DeliveryPump } from './delivery-pump';

/** Ends the work of this process: no new claims, what is in flight may finish, the rest goes back to pending. */
export class DrainDeliveries extends Command<void> {
  constructor(readonly withinMs: number) {
    super();
  }
}

@CommandHandler(DrainDeliveries)
export class DrainDeliveriesHandler implements ICommandHandler<DrainDeliveries> {
  constructor(
    private readonly pump: DeliveryPump,
    private readonly store: DeliveryStore,
  ) {}

  async execute({ withinMs }: DrainDeliveries): Promise<void> {
    await this.pump.drain(withinMs);
    await this.store.leave();
  }
}
