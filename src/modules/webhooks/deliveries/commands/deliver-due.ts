import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeliveryPump } from './delivery-pump';

/** Starts as many due deliveries as this worker has room for; their results are written as they come. @returns whether more is due */
export class DeliverDue extends Command<boolean> {}

@CommandHandler(DeliverDue)
export class DeliverDueHandler implements ICommandHandler<DeliverDue> {
  constructor(private readonly pump: DeliveryPump) {}

  execute(): Promise<boolean> {
    return this.pump.fill();
  }
}
