import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeliveryPump } from './delivery-pump';

/** Starts as many due deliveries as this worker has room for; their results are written as they come. */
export class DeliverDue extends Command<void> {}

@CommandHandler(DeliverDue)
export class DeliverDueHandler implements ICommandHandler<DeliverDue> {
  constructor(private readonly pump: DeliveryPump) {}

  async execute(): Promise<void> {
    await this.pump.fill();
  }
}
