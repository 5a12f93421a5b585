import { Process, Processor } from '@nestjs/bull';
import { CommandBus } from '@nestjs/cqrs';
import { Bells } from '../../../../platform/queue/bells';
import { FanOutMessages } from '../commands/fan-out-messages';
import { DELIVER_QUEUE, FAN_OUT_QUEUE } from '../queues';

@Processor(FAN_OUT_QUEUE)
export class FanOutProcessor {
  constructor(
    private readonly commands: CommandBus,
    private readonly bells: Bells,
  ) {}

  @Process()
  async run(): Promise<void> {
    const { deliveries } = await this.commands.execute(new FanOutMessages());
    if (deliveries > 0) await this.bells.ring(DELIVER_QUEUE);
  }
}
