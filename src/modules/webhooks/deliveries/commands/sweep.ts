import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeliveryStore } from '../domain/delivery-store';

/** Frees what dead workers held, and says what waits. */
export class Sweep extends Command<{ readonly messagesWaiting: boolean; readonly deliveriesDue: boolean }> {}

@CommandHandler(Sweep)
export class SweepHandler implements ICommandHandler<Sweep> {
  constructor(private readonly store: DeliveryStore) {}

  execute() {
    return this.store.sweep();
  }
}
