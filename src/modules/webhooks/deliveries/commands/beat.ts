import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeliveryStore } from '../domain/delivery-store';

/** This worker lives. */
export class Beat extends Command<void> {}

@CommandHandler(Beat)
export class BeatHandler implements ICommandHandler<Beat> {
  constructor(private readonly store: DeliveryStore) {}

  execute(): Promise<void> {
    return this.store.beat();
  }
}
