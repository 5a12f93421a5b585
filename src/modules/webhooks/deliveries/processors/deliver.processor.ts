import { Process, Processor } from '@nestjs/bull';
import { CommandBus } from '@nestjs/cqrs';
import { DeliverDue } from '../commands/deliver-due';
import { DELIVER_QUEUE } from '../queues';

/** Its job ends when the deliveries are under way, not when they are done: the lease in PostgreSQL is the safety, not Bull's lock. */
@Processor(DELIVER_QUEUE)
export class DeliverProcessor {
  constructor(private readonly commands: CommandBus) {}

  @Process()
  async run(): Promise<void> {
    await this.commands.execute(new DeliverDue());
  }
}
