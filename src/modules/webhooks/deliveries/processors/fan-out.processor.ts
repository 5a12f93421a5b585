import { Process, Processor } from '@nestjs/bull';
import { CommandBus } from '@nestjs/cqrs';
import { Bells } from '../../../../platform/queue/bells';
import { FanOutMessages } from '../commands/fan-out-messages';
import { FilterCandidates } from '../commands/filter-candidates';
import { DELIVER_QUEUE, FAN_OUT_QUEUE } from '../queues';

@Processor(FAN_OUT_QUEUE)
export class FanOutProcessor {
  constructor(
    private readonly commands: CommandBus,
    private readonly bells: Bells,
  ) {}

  @Process()
  async run(): Promise<void> {
    const planned = await this.commands.execute(new FanOutMessages());
    if (planned.deliveries > 0) await this.bells.ring(DELIVER_QUEUE);
    if (!planned.toFilter) return;
    const { deliveries, more } = await this.commands.execute(new FilterCandidates());
    if (deliveries > 0) await this.bells.ring(DELIVER_QUEUE);
    if (more) await this.bells.ring(FAN_OUT_QUEUE);
  }
}
