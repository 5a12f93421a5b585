import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { type CounterOf, defineCounter } from '../../../platform/metrics/metric';

const Deleted = defineCounter('posthorn_retention_deleted_total', {
  from: 'worker',
  help: 'What was deleted because its time was over: partitions of a day, payloads, and rows outside of partitions.',
  labels: { what: ['partitions', 'payloads', 'rows'] },
});

export const retentionMetricProviders = [Deleted.provider];

@Injectable()
export class RetentionMetrics {
  constructor(@InjectMetric(Deleted.name) private readonly counter: CounterOf<typeof Deleted>) {}

  deleted(what: 'partitions' | 'payloads' | 'rows', count: number): void {
    this.counter.inc({ what }, count);
  }
}
