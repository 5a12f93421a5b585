import { Process, Processor } from '@nestjs/bull';
import { FAN_OUT_QUEUE } from '../queues';
import { PlanningShift } from './planning-shift';

@Processor(FAN_OUT_QUEUE)
export class FanOutProcessor {
  constructor(private readonly shift: PlanningShift) {}

  @Process()
  async run(): Promise<void> {
    await this.shift.run();
  }
}
