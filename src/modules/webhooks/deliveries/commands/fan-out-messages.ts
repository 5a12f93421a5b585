import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type FanOutCount, DeliveryStore } from '../domain/delivery-store';

/** Messages of one statement: large enough that its cost is shared, small enough that lanes are not held long. */
const BATCH = 250;

/** Plans the deliveries of all messages that wait for it, or says that filters have to decide about some of them. */
export class FanOutMessages extends Command<FanOutCount> {}

@CommandHandler(FanOutMessages)
export class FanOutMessagesHandler implements ICommandHandler<FanOutMessages> {
  constructor(private readonly store: DeliveryStore) {}

  async execute(): Promise<FanOutCount> {
    const total = { messages: 0, deliveries: 0, toFilter: false };
    for (;;) {
      const { messages, deliveries, toFilter } = await this.store.fanOut(BATCH);
      total.messages += messages;
      total.deliveries += deliveries;
      total.toFilter ||= toFilter;
      if (messages < BATCH) return total;
    }
  }
}
