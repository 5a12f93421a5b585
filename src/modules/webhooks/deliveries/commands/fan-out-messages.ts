import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeliveryPump } from './delivery-pump';

/** Messages of one statement: large enough that its cost is shared, small enough that lanes are not held long. */
const BATCH = 250;

/** `messages`: how many were planned. `waiting`: planned deliveries that this worker has not started. */
export type FannedOut = { readonly messages: number; readonly waiting: number; readonly toFilter: boolean };

/** Plans the deliveries of all messages that wait for it, and starts what fits; or says that filters have to decide about some of them. */
export class FanOutMessages extends Command<FannedOut> {}

@CommandHandler(FanOutMessages)
export class FanOutMessagesHandler implements ICommandHandler<FanOutMessages> {
  constructor(private readonly pump: DeliveryPump) {}

  async execute(): Promise<FannedOut> {
    const total = { messages: 0, waiting: 0, toFilter: false };
    for (;;) {
      const { messages, more, waiting, toFilter } = await this.pump.plan(BATCH);
      total.messages += messages;
      total.waiting += waiting;
      total.toFilter ||= toFilter;
      if (!more) return total;
    }
  }
}
