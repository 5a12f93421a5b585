import { Global, Injectable, Module } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { type CounterOf, defineCounter } from '../metrics/metric';

const WHAT = ['partitions', 'payloads', 'rows'] as const;

const Deleted = defineCounter('posthorn_retention_deleted_total', {
  from: 'worker',
  help: 'What was deleted because its time was over: partitions of a day, payloads, and single rows.',
  labels: { what: WHAT },
});

@Injectable()
export class RetentionMetrics {
  constructor(@InjectMetric(Deleted.name) private readonly counter: CounterOf<typeof Deleted>) {}

  deleted(what: (typeof WHAT)[number], count: number): void {
    this.counter.inc({ what }, count);
  }
}

/** For all that deletes what is too old. */
@Global()
@Module({ providers: [RetentionMetrics, Deleted.provider], exports: [RetentionMetrics] })
export class RetentionMetricsModule {}
